"""Two finish chunks: the second overwrites assembled tool calls with nothing."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import CHAT, Piece, in_events, places
from gate.mutations._stream_noise import finish_with_content


def _apply(exchange: Exchange) -> Exchange | None:
    def edit(found: list[Piece]) -> list[Piece] | None:
        ends = places(found, "finish")
        if not ends or found[ends[-1]].kinds != ("finish",):
            return None
        return [*found[: ends[-1] + 1], found[ends[-1]].beside(found[ends[-1]].doc), *found[ends[-1] + 1 :]]

    return in_events(exchange, edit, CHAT)


MUTATION = Mutation(
    id="finish-twice",
    drifts=("ST14",),
    area="stream",
    severity=Severity.RISKY,
    summary="the finish chunk comes twice",
    apply=_apply,
    twin=finish_with_content,
    exercised_by=("chat-stream", "tool-forced-stream"),
)
