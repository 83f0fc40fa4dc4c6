"""No terminal event: agents stop in mid-output, and somebody has to type `continue`."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations.responses._events import fewer_deltas, without


def _apply(exchange: Exchange) -> Exchange | None:
    return without(exchange, "completed", "incomplete")


MUTATION = Mutation(
    id="terminal-missing",
    drifts=("RS07",),
    area="responses",
    severity=Severity.BREAKING,
    summary="the terminal event never comes",
    apply=_apply,
    twin=fewer_deltas,
    exercised_by=("responses-stream",),
)
