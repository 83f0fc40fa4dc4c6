"""A slash or another host: many clients repeat a redirected POST as a GET, or lose its Authorization."""

from __future__ import annotations

from dataclasses import replace

from gate.model import Exchange, Hop, Severity
from gate.mutations import Mutation
from gate.mutations._edit import served


def _apply(exchange: Exchange) -> Exchange | None:
    if not served(exchange) or exchange.hops or exchange.request.method != "POST":
        return None
    return replace(exchange, hops=(Hop(301, f"{exchange.request.url}/"),))


def _twin(exchange: Exchange) -> Exchange | None:
    """A redirected GET that ends in the same JSON."""
    if not served(exchange) or exchange.hops or exchange.request.method != "GET":
        return None
    return replace(exchange, hops=(Hop(307, f"{exchange.request.url}/"),))


MUTATION = Mutation(
    id="redirected",
    drifts=("T29",),
    area="transport",
    severity=Severity.BREAKING,
    summary="a POST is redirected",
    apply=_apply,
    twin=_twin,
    exercised_by=("chat", "embed"),
)
