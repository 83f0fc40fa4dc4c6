"""Failures come with status 200: retries and fallbacks never start, `choices` is None."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import refused, replied, seen
from gate.mutations._noise import null_error


def _apply(exchange: Exchange) -> Exchange | None:
    fits = refused(exchange) and isinstance(seen(exchange).error, dict)
    return replied(exchange, 200, seen(exchange).body) if fits else None


MUTATION = Mutation(
    id="error-as-success",
    drifts=("ER06",),
    area="errors",
    severity=Severity.BREAKING,
    summary="an error with status 200",
    apply=_apply,
    twin=null_error,
    exercised_by=("error-unknown-model", "error-invalid-request", "error-bad-key"),
)
