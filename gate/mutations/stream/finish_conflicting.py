"""Two finish chunks that say different things: which one counts depends on the client."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import finishing
from gate.mutations._edit import CHAT, Piece, in_events, places
from gate.mutations._stream_noise import finish_with_content


def _apply(exchange: Exchange) -> Exchange | None:
    def edit(found: list[Piece]) -> list[Piece] | None:
        ends = places(found, "finish")
        if not ends or found[ends[-1]].kinds != ("finish",):
            return None
        other = found[ends[-1]].changed(finishing(lambda reason: "length" if reason == "stop" else "stop"))
        return [*found[: ends[-1] + 1], other, *found[ends[-1] + 1 :]]

    return in_events(exchange, edit, CHAT)


MUTATION = Mutation(
    id="finish-conflicting",
    drifts=("ST14",),
    area="stream",
    severity=Severity.BREAKING,
    summary="two finish reasons that disagree",
    apply=_apply,
    twin=finish_with_content,
    exercised_by=("chat-stream", "tool-forced-stream"),
)
