"""One event of an otherwise whole stream is broken JSON: strict clients give up the request there."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import Piece, halfway, in_events
from gate.mutations._noise import respaced


def _apply(exchange: Exchange) -> Exchange | None:
    def edit(found: list[Piece]) -> list[Piece] | None:
        half = halfway(exchange, found)
        return [*found[: half - 1], found[half - 1].sub(rb"\}(\s*)\Z", rb"\1"), *found[half:]] if half else None

    return in_events(exchange, edit)


MUTATION = Mutation(
    id="malformed-event",
    drifts=("T31",),
    area="transport",
    severity=Severity.BREAKING,
    summary="one event is broken JSON",
    apply=_apply,
    twin=respaced,
    exercised_by=("chat-stream", "responses-stream"),
)
