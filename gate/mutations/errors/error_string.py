"""`error` is a string: typed clients can't read it as an object."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import in_body, put, refused, seen
from gate.mutations._noise import other_prose


def _apply(exchange: Exchange) -> Exchange | None:
    fits = refused(exchange) and isinstance(seen(exchange).error, dict)
    return in_body(exchange, lambda body: put(body, "error", str(body["error"].get("message")))) if fits else None


MUTATION = Mutation(
    id="error-string",
    drifts=("ER04",),
    area="errors",
    severity=Severity.BREAKING,
    summary="error is a string",
    apply=_apply,
    twin=other_prose,
    exercised_by=("error-unknown-model", "error-invalid-request", "error-bad-key"),
)
