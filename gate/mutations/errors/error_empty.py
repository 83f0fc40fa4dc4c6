"""The failure has no body: nothing says what was wrong."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import refused, rewritten
from gate.mutations._noise import other_prose


def _apply(exchange: Exchange) -> Exchange | None:
    return rewritten(exchange, b"", chunks=()) if refused(exchange) else None


MUTATION = Mutation(
    id="error-empty",
    drifts=("ER21",),
    area="errors",
    severity=Severity.RISKY,
    summary="an error without a body",
    apply=_apply,
    twin=other_prose,
    exercised_by=("error-unknown-model", "error-invalid-request", "error-bad-key"),
)
