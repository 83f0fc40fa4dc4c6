"""The members of the error without the object around them: `error.message` is read from nothing."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import refused, replied, seen
from gate.mutations._noise import other_prose


def _apply(exchange: Exchange) -> Exchange | None:
    error = seen(exchange).error
    return replied(exchange, seen(exchange).status, error) if refused(exchange) and isinstance(error, dict) else None


MUTATION = Mutation(
    id="error-flat",
    drifts=("ER03",),
    area="errors",
    severity=Severity.BREAKING,
    summary="an error without its envelope",
    apply=_apply,
    twin=other_prose,
    exercised_by=("error-unknown-model", "error-invalid-request", "error-bad-key"),
)
