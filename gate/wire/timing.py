"""When things arrived, in milliseconds after the request was sent, and the figures made of that; pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

from gate.model import Chunk, Exchange, Timing


def arrivals(ends: Sequence[int], chunks: Sequence[Chunk]) -> list[float | None]:
    """For each end offset (exclusive, ascending) the time of the chunk that brought the byte before it.

    None for all without chunks, and for offsets beyond the last chunk. Linear in both.
    """
    times: list[float | None] = []
    received, index = 0, -1
    for end in ends:
        while (received < end or index < 0) and index + 1 < len(chunks):
            index += 1
            received += chunks[index].size
        # A recording may have times for the first part of its body alone: the rest then has none.
        times.append(chunks[index].at_ms if chunks and received >= end else None)
    return times


def measure(exchange: Exchange, token_times: Sequence[float]) -> Timing:
    """The timing of one exchange; `token_times` are the arrivals of the events that carry tokens."""
    chunks = exchange.chunks
    first_byte, total = exchange.first_byte_ms, exchange.total_ms
    return Timing(
        # a recording may have chunks alone: the first of them stands for the first byte, the last for the end
        first_byte=first_byte if first_byte is not None or not chunks else chunks[0].at_ms,
        first_token=token_times[0] if token_times else None,
        total=total if total is not None or not chunks else chunks[-1].at_ms,
        gaps=tuple(later - earlier for earlier, later in pairwise(token_times)),
        spread=token_times[-1] - token_times[0] if token_times else None,
        connect=exchange.connect_ms,
    )


def percentile(values: Iterable[float], q: float) -> float:
    """The nearest-rank percentile: the smallest value that at least `q` (0 to 100) percent do not exceed.

    Always one of the values, never an average of two. Raises ValueError without values.
    """
    ordered = sorted(values)
    if not ordered:
        raise ValueError("no values")
    # Nearest rank, because suites have one to five samples: an average of two would be a time that nobody measured.
    return ordered[min(len(ordered), max(1, math.ceil(q * len(ordered) / 100))) - 1]


def summary(timings: Iterable[Timing]) -> dict[str, float]:
    """`ttft_p50 ttft_p95`, the same of `gap`, `total` and `connect`, in milliseconds over samples.

    Gaps of all samples count together; a figure that nobody measured has no key.
    """
    timings = list(timings)
    figures: dict[str, list[float]] = {
        "ttft": [t.first_token for t in timings if t.first_token is not None],
        "gap": [gap for t in timings for gap in t.gaps],
        "total": [t.total for t in timings if t.total is not None],
        "connect": [t.connect for t in timings if t.connect is not None],
    }
    # The two that `budgets` of gate.yaml can name.
    ordered = {name: sorted(values) for name, values in figures.items() if values}
    return {f"{name}_p{q}": percentile(values, q) for name, values in ordered.items() for q in (50, 95)}
