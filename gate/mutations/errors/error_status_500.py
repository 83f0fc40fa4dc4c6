"""A 4xx becomes a 500: SDKs repeat what can never succeed, and circuit breakers open."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import refused, replied, seen
from gate.mutations._noise import other_prose


def _apply(exchange: Exchange) -> Exchange | None:
    fits = refused(exchange) and seen(exchange).status < 500
    return replied(exchange, 500, seen(exchange).body) if fits else None


MUTATION = Mutation(
    id="error-status-500",
    drifts=("ER12", "ER13"),
    area="errors",
    severity=Severity.BREAKING,
    summary="400, 401, 404 or 429 become 500",
    apply=_apply,
    twin=other_prose,
    exercised_by=("error-unknown-model", "error-invalid-request", "error-bad-key", "burst"),
)
