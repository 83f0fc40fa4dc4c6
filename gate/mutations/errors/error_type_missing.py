"""An error without `type`, as Azure sends it."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import drop, in_error
from gate.mutations._noise import other_prose


def _apply(exchange: Exchange) -> Exchange | None:
    return in_error(exchange, lambda error: isinstance(error.get("type"), str) and drop(error, "type"))


MUTATION = Mutation(
    id="error-type-missing",
    drifts=("ER01",),
    area="errors",
    severity=Severity.RISKY,
    summary="error.type is missing",
    apply=_apply,
    twin=other_prose,
    exercised_by=("error-unknown-model", "error-invalid-request", "error-bad-key"),
)
