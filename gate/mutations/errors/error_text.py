"""The failure is plain text: JSON parsers raise in the error handler."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import refused, replied, seen
from gate.mutations._noise import other_prose

_TEXT = b"Failed to deserialize the JSON body into the target type"


def _apply(exchange: Exchange) -> Exchange | None:
    fits = refused(exchange) and isinstance(seen(exchange).error, dict)
    return replied(exchange, seen(exchange).status, _TEXT, "text/plain") if fits else None


MUTATION = Mutation(
    id="error-text",
    drifts=("ER11",),
    area="errors",
    severity=Severity.BREAKING,
    summary="the error is plain text",
    apply=_apply,
    twin=other_prose,
    exercised_by=("error-unknown-model", "error-invalid-request", "error-bad-key"),
)
