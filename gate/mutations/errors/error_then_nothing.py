"""An error in mid-stream, and then neither [DONE] nor an end: clients wait, or report a broken transfer."""

from __future__ import annotations

from gate.model import Ending, Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import CHAT, Piece, halfway, in_events
from gate.mutations._stream_noise import fewer_events

_ERROR = {"error": {"message": "boom", "type": "server_error", "param": None, "code": None}}


def _apply(exchange: Exchange) -> Exchange | None:
    def edit(found: list[Piece]) -> list[Piece] | None:
        half = halfway(exchange, found)
        return [*found[:half], found[half - 1].beside(_ERROR)] if half else None

    return in_events(exchange, edit, CHAT, ending=Ending.RESET, detail="connection reset by peer")


MUTATION = Mutation(
    id="error-then-nothing",
    drifts=("ER09",),
    area="errors",
    severity=Severity.RISKY,
    summary="an error in mid-stream, and no end",
    apply=_apply,
    twin=fewer_events,
    exercised_by=("chat-stream",),
)
