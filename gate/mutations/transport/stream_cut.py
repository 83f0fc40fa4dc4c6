"""A proxy cuts a long generation: the last chunk of the transfer never arrives."""

from __future__ import annotations

from gate.model import Ending, Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import cut, streamed
from gate.mutations._noise import kept_alive


def _apply(exchange: Exchange) -> Exchange | None:
    size = len(exchange.response.body) if exchange.response else 0
    if not streamed(exchange) or size < 2:
        return None
    return cut(exchange, size // 2, Ending.CUT, "peer closed connection without sending complete message body")


MUTATION = Mutation(
    id="stream-cut",
    drifts=("T27",),
    area="transport",
    severity=Severity.BREAKING,
    summary="the connection is cut in the middle of the stream",
    apply=_apply,
    twin=kept_alive,
    exercised_by=("chat-stream", "tool-forced-stream", "responses-stream"),
)
