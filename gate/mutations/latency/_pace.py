"""When the parts of a stream arrive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gate.model import Chunk, Exchange
from gate.mutations._edit import seen, streamed


def flowing(exchange: Exchange) -> bool:
    """A timed stream whose tokens take a second at least."""
    timing = seen(exchange).timing
    return streamed(exchange) and timing.spread is not None and timing.spread >= 1000 and len(timing.gaps) > 4


def paced(exchange: Exchange, at: Callable[[int, float], float]) -> Exchange:
    """The exchange with other arrival times of its chunks; `at` gets the number of a chunk and its time."""
    times = [at(i, chunk.at_ms) for i, chunk in enumerate(exchange.chunks)]
    chunks = tuple(Chunk(ms, chunk.size) for ms, chunk in zip(times, exchange.chunks, strict=True))
    late = times[-1] - exchange.chunks[-1].at_ms if times else 0.0
    return replace(exchange, chunks=chunks, total_ms=None if exchange.total_ms is None else exchange.total_ms + late)
