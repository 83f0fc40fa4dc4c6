"""A 429 for a month's quota looks like one for a busy second: SDKs sleep for days."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import labelled, seen


def _apply(exchange: Exchange) -> Exchange | None:
    return labelled(exchange, retry_after="1382400") if _limited(exchange) else None


def _twin(exchange: Exchange) -> Exchange | None:
    """A few seconds more (B34)."""
    return labelled(exchange, retry_after="4") if _limited(exchange) else None


def _limited(exchange: Exchange) -> bool:
    """A 429 that asks for less than an hour."""
    found = seen(exchange)
    wait = found.headers.get("retry-after", "")
    return found.status == 429 and wait.isascii() and wait.isdigit() and len(wait) < 4


MUTATION = Mutation(
    id="retry-after-huge",
    drifts=("ER16",),
    area="errors",
    severity=Severity.RISKY,
    summary="Retry-After asks for days",
    apply=_apply,
    twin=_twin,
    exercised_by=("burst",),
)
