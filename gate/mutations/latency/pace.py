"""When the parts of a stream arrive. Only timed streams fit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gate.model import Chunk, Exchange, Severity
from gate.mutations import Row
from gate.mutations.facts import seen, streamed
from gate.mutations.harmless_streams import bursts


def first_token_late(exchange: Exchange) -> Exchange | None:
    """The first token takes longer than clients wait: they give up, ask again, and pay twice."""
    # LA02's report: clients give up after 90 s
    return _paced(exchange, lambda _, at: at + 95_000) if _has_first_token(exchange) else None


def half_as_slow_again(exchange: Exchange) -> Exchange | None:
    """Half as slow again (B35)."""
    # chosen: below first-token-slower's three times
    return _paced(exchange, lambda _, at: at * 1.5) if _has_first_token(exchange) else None


def _has_first_token(exchange: Exchange) -> bool:
    return streamed(exchange) and seen(exchange).timing.first_token is not None


def stream_buffered(exchange: Exchange) -> Exchange | None:
    """A proxy holds the stream back: nothing for seconds, then everything at once.

    Fits streams whose tokens take a second at least.
    """
    timing = seen(exchange).timing
    # Twice stream-buffered's 500 ms, and its five tokens: the rule can see what the mutation does.
    flowing = timing.spread is not None and timing.spread >= 1000 and len(timing.gaps) > 4
    if not streamed(exchange) or not flowing:
        return None
    last = exchange.chunks[-1].at_ms
    # a tenth of a millisecond apart: LA01's burst of 20 ms
    return _paced(exchange, lambda i, _: last - 0.1 * (len(exchange.chunks) - i))


def stream_stalls(exchange: Exchange) -> Exchange | None:
    """The stream stops for a minute in the middle: idle timers fire on a healthy connection."""
    half = len(exchange.chunks) // 2
    timed = streamed(exchange) and len(seen(exchange).timing.gaps) > 4
    # a minute, as in the rows of stream-stalled
    return _paced(exchange, lambda i, at: at + 60_000 if i >= half else at) if timed else None


def _paced(exchange: Exchange, at: Callable[[int, float], float]) -> Exchange:
    """The exchange with other arrival times of its chunks; `at` gets the number of a chunk and its time in ms."""
    times = [at(i, chunk.at_ms) for i, chunk in enumerate(exchange.chunks)]
    chunks = tuple(Chunk(ms, chunk.size) for ms, chunk in zip(times, exchange.chunks, strict=True))
    late = times[-1] - exchange.chunks[-1].at_ms if times else 0.0
    return replace(exchange, chunks=chunks, total_ms=None if exchange.total_ms is None else exchange.total_ms + late)


MUTATIONS = (
    Row(
        drifts=("LA02",),
        severity=Severity.RISKY,
        summary="the first token comes after a minute and a half",
        apply=first_token_late,
        twin=half_as_slow_again,
        exercised_by=("chat-stream", "count-stream"),
    ),
    Row(
        drifts=("LA01",),
        severity=Severity.RISKY,
        summary="the whole stream arrives at once",
        apply=stream_buffered,
        twin=bursts,
        exercised_by=("long-stream", "count-stream"),
    ),
    Row(
        drifts=("LA03",),
        severity=Severity.RISKY,
        summary="the stream stops for a minute",
        apply=stream_stalls,
        twin=bursts,
        exercised_by=("count-stream", "long-stream"),
    ),
)
