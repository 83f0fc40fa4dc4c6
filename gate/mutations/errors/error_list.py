"""The error stands in an array, as Google's front end answers: no client finds `error` there."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import refused, replied, seen
from gate.mutations._noise import other_prose


def _apply(exchange: Exchange) -> Exchange | None:
    fits = refused(exchange) and isinstance(seen(exchange).error, dict)
    return replied(exchange, seen(exchange).status, [seen(exchange).body]) if fits else None


MUTATION = Mutation(
    id="error-list",
    drifts=("TL24",),
    area="errors",
    severity=Severity.BREAKING,
    summary="the error is wrapped in an array",
    apply=_apply,
    twin=other_prose,
    exercised_by=("error-unknown-model", "error-invalid-request", "error-bad-key"),
)
