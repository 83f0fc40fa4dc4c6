"""finish_reason comes with the first text, and text goes on: clients that stop there lose the rest."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import choices
from gate.mutations._edit import CHAT, Piece, in_events, places, put
from gate.mutations._stream_noise import finish_with_content


def _apply(exchange: Exchange) -> Exchange | None:
    def edit(found: list[Piece]) -> list[Piece] | None:
        texts, ends = places(found, "content"), places(found, "finish")
        if len(texts) < 2 or len(ends) != 1 or ends[0] in texts:
            return None
        reason = next(choices(found[ends[0]].doc)).get("finish_reason")
        return [
            piece.changed(lambda doc: put(next(choices(doc)), "finish_reason", reason)) if i == texts[0] else piece
            for i, piece in enumerate(found)
            if i != ends[0]
        ]

    return in_events(exchange, edit, CHAT)


MUTATION = Mutation(
    id="finish-early",
    drifts=("ST13", "ST14"),
    area="stream",
    severity=Severity.RISKY,
    summary="text goes on after finish_reason",
    apply=_apply,
    twin=finish_with_content,
    exercised_by=("chat-stream",),
)
