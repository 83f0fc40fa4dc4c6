"""The stream stops for a minute in the middle: idle timers fire on a healthy connection."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import seen, streamed
from gate.mutations._stream_noise import bursts
from gate.mutations.latency._pace import paced


def _apply(exchange: Exchange) -> Exchange | None:
    half = len(exchange.chunks) // 2
    timed = streamed(exchange) and len(seen(exchange).timing.gaps) > 4
    return paced(exchange, lambda i, at: at + 60_000 if i >= half else at) if timed else None


MUTATION = Mutation(
    id="stream-stalls",
    drifts=("LA03",),
    area="latency",
    severity=Severity.RISKY,
    summary="the stream stops for a minute",
    apply=_apply,
    twin=bursts,
    exercised_by=("count-stream", "long-stream"),
)
