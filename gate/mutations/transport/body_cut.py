"""A load balancer gives up on a long answer: half of a JSON body arrives."""

from __future__ import annotations

from gate.model import Ending, Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import cut, seen, served
from gate.mutations._noise import kept_alive


def _apply(exchange: Exchange) -> Exchange | None:
    size = len(exchange.response.body) if exchange.response else 0
    if not served(exchange) or seen(exchange).form != "json" or size < 2:
        return None
    return cut(exchange, size // 2, Ending.CUT, "peer closed connection without sending complete message body")


MUTATION = Mutation(
    id="body-cut",
    drifts=("T27",),
    area="transport",
    severity=Severity.BREAKING,
    summary="the connection is cut in the middle of the body",
    apply=_apply,
    twin=kept_alive,
    exercised_by=("chat", "embed"),
)
