"""The first token takes longer than clients wait: they give up, ask again, and pay twice."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import seen, streamed
from gate.mutations.latency._pace import paced


def _apply(exchange: Exchange) -> Exchange | None:
    timed = streamed(exchange) and seen(exchange).timing.first_token is not None
    return paced(exchange, lambda _, at: at + 95_000) if timed else None


def _twin(exchange: Exchange) -> Exchange | None:
    """Half as slow again (B35)."""
    timed = streamed(exchange) and seen(exchange).timing.first_token is not None
    return paced(exchange, lambda _, at: at * 1.5) if timed else None


MUTATION = Mutation(
    id="first-token-late",
    drifts=("LA02",),
    area="latency",
    severity=Severity.RISKY,
    summary="the first token comes after a minute and a half",
    apply=_apply,
    twin=_twin,
    exercised_by=("chat-stream", "count-stream"),
)
