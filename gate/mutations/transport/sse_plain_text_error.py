"""An engine fails in mid-stream and says so in plain text: `data: error: boom`."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import Piece, halfway, in_events
from gate.mutations._stream_noise import fewer_events


def _apply(exchange: Exchange) -> Exchange | None:
    def edit(found: list[Piece]) -> list[Piece] | None:
        half = halfway(exchange, found)
        return [*found[:half], found[half - 1].framed(b"data: error: boom\n\n")] if half else None

    return in_events(exchange, edit)


MUTATION = Mutation(
    id="sse-plain-text-error",
    drifts=("T18",),
    area="transport",
    severity=Severity.BREAKING,
    summary="an error in mid-stream as plain text",
    apply=_apply,
    twin=fewer_events,
    exercised_by=("chat-stream", "responses-stream"),
)
