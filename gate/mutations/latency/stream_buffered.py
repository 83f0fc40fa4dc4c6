"""A proxy holds the stream back: nothing for seconds, then everything at once."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._stream_noise import bursts
from gate.mutations.latency._pace import flowing, paced


def _apply(exchange: Exchange) -> Exchange | None:
    if not flowing(exchange):
        return None
    last = exchange.chunks[-1].at_ms
    return paced(exchange, lambda i, _: last - 0.1 * (len(exchange.chunks) - i))


MUTATION = Mutation(
    id="stream-buffered",
    drifts=("LA01",),
    area="latency",
    severity=Severity.RISKY,
    summary="the whole stream arrives at once",
    apply=_apply,
    twin=bursts,
    exercised_by=("long-stream", "count-stream"),
)
