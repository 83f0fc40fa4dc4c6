"""`error.code` is the status as a number: typed clients fail to read the error, and raise inside the handler."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import in_error, put, seen
from gate.mutations._noise import other_prose


def _apply(exchange: Exchange) -> Exchange | None:
    status = seen(exchange).status
    return in_error(exchange, lambda error: not isinstance(error.get("code"), int) and put(error, "code", status))


MUTATION = Mutation(
    id="error-code-number",
    drifts=("ER01",),
    area="errors",
    severity=Severity.BREAKING,
    summary="error.code is a number",
    apply=_apply,
    twin=other_prose,
    exercised_by=("error-unknown-model", "error-invalid-request", "error-bad-key"),
)
