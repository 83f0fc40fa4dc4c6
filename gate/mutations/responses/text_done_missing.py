"""Only deltas, then the end of the item: clients that commit text on `done` show nothing."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations.responses._events import fewer_deltas, without


def _apply(exchange: Exchange) -> Exchange | None:
    return without(exchange, "output_text.done", "content_part.done")


MUTATION = Mutation(
    id="text-done-missing",
    drifts=("RS14",),
    area="responses",
    severity=Severity.RISKY,
    summary="text and parts are never closed",
    apply=_apply,
    twin=fewer_deltas,
    exercised_by=("responses-stream",),
)
