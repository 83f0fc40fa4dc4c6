"""FastAPI's `detail` in place of `error`: clients show a generic message, classifiers miss the cause."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gate.model import Exchange, Json, Severity
from gate.mutations import Mutation
from gate.mutations._edit import refused, replied, seen


def _apply(exchange: Exchange) -> Exchange | None:
    if not isinstance(seen(exchange).error, dict):
        return None
    return _rewritten(exchange, lambda error: {"detail": error.get("message", "Bad Request")})


def _twin(exchange: Exchange) -> Exchange | None:
    """Both keys."""
    return _rewritten(exchange, lambda error: {"error": error, "detail": error.get("message", "Bad Request")})


def _rewritten(exchange: Exchange, body: Callable[[dict[str, Any]], Json]) -> Exchange | None:
    error = seen(exchange).error
    fits = refused(exchange) and isinstance(error, dict)
    return replied(exchange, seen(exchange).status, body(error)) if fits else None


MUTATION = Mutation(
    id="error-detail",
    drifts=("ER03",),
    area="errors",
    severity=Severity.BREAKING,
    summary="`detail` in place of `error`",
    apply=_apply,
    twin=_twin,
    exercised_by=("error-unknown-model", "error-invalid-request", "error-bad-key"),
)
