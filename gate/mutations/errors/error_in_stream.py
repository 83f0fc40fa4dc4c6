"""The provider fails in mid-stream, and says so with finish_reason `error`: an exotic stop that looks like success."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import CHAT, Piece, halfway, in_events
from gate.mutations._stream_noise import fewer_events

_ERROR = {"code": "server_error", "message": "Provider disconnected"}


def _apply(exchange: Exchange) -> Exchange | None:
    def edit(found: list[Piece]) -> list[Piece] | None:
        half = halfway(exchange, found)
        if not half:
            return None
        failed = {"index": 0, "delta": {"content": ""}, "finish_reason": "error"}
        last = found[half - 1].beside({**found[half - 1].doc, "error": _ERROR, "choices": [failed]})
        return [*found[:half], last, *(piece for piece in found if "done" in piece.kinds)]

    return in_events(exchange, edit, CHAT)


MUTATION = Mutation(
    id="error-in-stream",
    drifts=("ER08",),
    area="errors",
    severity=Severity.BREAKING,
    summary="an error in mid-stream",
    apply=_apply,
    twin=fewer_events,
    exercised_by=("chat-stream", "tool-forced-stream"),
)
