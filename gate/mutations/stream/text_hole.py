"""An event is lost on the way: a number is missing in a counted text."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import Piece, in_events
from gate.mutations._stream_noise import fewer_events
from gate.mutations.stream._counting import bearing, counting


def _apply(exchange: Exchange) -> Exchange | None:
    def edit(found: list[Piece]) -> list[Piece] | None:
        some = bearing(found)
        return [*found[: some[2]], *found[some[2] + 1 :]] if len(some) > 4 else None

    return in_events(exchange, edit) if counting(exchange) else None


MUTATION = Mutation(
    id="text-hole",
    drifts=("T07",),
    area="stream",
    severity=Severity.RISKY,
    summary="a piece of the text is lost",
    apply=_apply,
    twin=fewer_events,
    exercised_by=("count-stream",),
)
