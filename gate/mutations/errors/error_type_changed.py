"""`error.type` is another word for the same failure: handlers that branch on it take the wrong branch."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import in_error, put
from gate.mutations._noise import other_prose


def _apply(exchange: Exchange) -> Exchange | None:
    return in_error(exchange, _renamed)


def _renamed(error: dict[str, Any]) -> bool:
    said = error.get("type")
    return isinstance(said, str) and put(error, "type", "api_error" if said == "BadRequestError" else "BadRequestError")


MUTATION = Mutation(
    id="error-type-changed",
    drifts=("ER01",),
    area="errors",
    severity=Severity.BREAKING,
    summary="error.type is another word",
    apply=_apply,
    twin=other_prose,
    exercised_by=("error-unknown-model", "error-invalid-request", "error-bad-key"),
)
