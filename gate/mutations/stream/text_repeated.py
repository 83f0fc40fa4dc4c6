"""An event is sent twice: a number stands twice in a counted text."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import Piece, in_events
from gate.mutations._stream_noise import fewer_events
from gate.mutations.stream._counting import bearing, counting


def _apply(exchange: Exchange) -> Exchange | None:
    def edit(found: list[Piece]) -> list[Piece] | None:
        some = bearing(found)
        return [*found[: some[2]], found[some[2]], *found[some[2] :]] if len(some) > 4 else None

    return in_events(exchange, edit) if counting(exchange) else None


MUTATION = Mutation(
    id="text-repeated",
    drifts=("ST14",),
    area="stream",
    severity=Severity.RISKY,
    summary="a piece of the text comes twice",
    apply=_apply,
    twin=fewer_events,
    exercised_by=("count-stream",),
)
