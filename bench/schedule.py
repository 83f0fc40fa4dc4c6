"""`gate check` of the standard suite against a route that always takes 200 ms: how close to the ideal schedule."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from math import ceil
from pathlib import Path

from bench import project, server
from bench.figures import Figure

CONCURRENCY = 8
RUNS = 5


def figures(folder: Path) -> Iterator[Figure]:
    """First request to arrive until last answer written, as the server saw it, against the least possible."""
    with server.running() as base_url:
        place = project.make(folder / "schedule", base_url)
        project.gate(place, "record")
        server.log(base_url)
        ratios: list[float] = []
        for _ in range(RUNS):
            project.gate(place, "check")
            seen = server.log(base_url)
            taken = (max(one["writes"][-1][0] for one in seen) - min(one["arrived"] for one in seen)) / 1e9
            rounds = ceil(len(seen) / CONCURRENCY)  # the longest chain has two steps, so no chain needs more
            ratios.append(taken / (rounds * server.LATENCY))
    ratio = statistics.median(ratios)
    words = f"{ratio:.2f}× of {rounds * server.LATENCY * 1000:.0f} ms ({len(seen)} requests)"
    what = (
        f"`gate check`, standard suite, {CONCURRENCY} at once, {server.LATENCY * 1000:.0f} ms each: first byte to last"
    )
    yield Figure(what, words, "1.15×", ratio <= 1.15)
