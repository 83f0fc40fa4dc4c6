"""Two events change places: the numbers of a counted text are out of order."""

from __future__ import annotations

from dataclasses import replace

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import Piece, in_events
from gate.mutations._stream_noise import fewer_events
from gate.mutations.stream._counting import bearing, counting


def _apply(exchange: Exchange) -> Exchange | None:
    def edit(found: list[Piece]) -> list[Piece] | None:
        some = bearing(found)
        if len(some) < 5:
            return None
        one, other = found[some[1]], found[some[3]]
        # each takes the other's time as well: what comes first arrived first
        turned = {some[1]: replace(other, chunks=one.chunks), some[3]: replace(one, chunks=other.chunks)}
        return [turned.get(i, piece) for i, piece in enumerate(found)]

    return in_events(exchange, edit) if counting(exchange) else None


MUTATION = Mutation(
    id="text-reordered",
    drifts=("ST14",),
    area="stream",
    severity=Severity.RISKY,
    summary="pieces of the text change places",
    apply=_apply,
    twin=fewer_events,
    exercised_by=("count-stream",),
)
