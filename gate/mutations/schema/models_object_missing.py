"""The list of models lacks `object`: typed clients refuse it."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import drop, in_docs
from gate.mutations._noise import added_field


def _apply(exchange: Exchange) -> Exchange | None:
    return in_docs(exchange, lambda doc: drop(doc, "object"), "models")


MUTATION = Mutation(
    id="models-object-missing",
    drifts=("S33",),
    area="schema",
    severity=Severity.RISKY,
    summary="the list of models has no `object`",
    apply=_apply,
    twin=added_field,
    exercised_by=("models",),
)
