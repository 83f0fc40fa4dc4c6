"""A 429 that does not say how long to wait: clients guess, or hammer."""

from __future__ import annotations

from dataclasses import replace

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import labelled, timed

_LIMITS = ("retry-after", "x-ratelimit-")


def _apply(exchange: Exchange) -> Exchange | None:
    response = exchange.response
    if response is None or response.status != 429 or not timed(exchange):
        return None
    kept = tuple((name, value) for name, value in response.headers if not name.lower().startswith(_LIMITS))
    return None if kept == response.headers else replace(exchange, response=replace(response, headers=kept))


def _twin(exchange: Exchange) -> Exchange | None:
    """Another number of seconds (B34)."""
    has = exchange.response and any(name.lower() == "retry-after" for name, _ in exchange.response.headers)
    return labelled(exchange, retry_after="3") if has else None


MUTATION = Mutation(
    id="retry-after-missing",
    drifts=("ER15",),
    area="errors",
    severity=Severity.RISKY,
    summary="a 429 without Retry-After and limits",
    apply=_apply,
    twin=_twin,
    exercised_by=("burst",),
)
