"""How true the recorded chunk times are: what stands in the cassettes against the server's own clock."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import project, server
from bench.figures import Figure, percentile
from gate.model import Exchange
from gate.store import cassette

STREAMS = 16
ROUNDS = 5

_SCENARIO = """\
id: tick-{number:02}
group: stream
steps:
  - endpoint: chat.completions
    model: chat
    body: {{stream: true, messages: [{{role: user, content: "tick {number}"}}]}}
"""


def figures(folder: Path) -> Iterator[Figure]:
    """Each chunk's recorded time less the server's, both since the request was complete at the server."""
    with server.running() as base_url:
        place = project.make(folder / "times", base_url, suite=["ticks"], model="ticking")
        (place / "ticks").mkdir()
        for number in range(STREAMS):
            (place / "ticks" / f"{number:02}.yaml").write_text(_SCENARIO.format(number=number), "utf-8")
        rounds = [_round(place, base_url) for _ in range(ROUNDS)]
    p99 = statistics.median(percentile([abs(error) for error in off], 0.99) for off in rounds)
    middle = statistics.median(error for off in rounds for error in off)
    words = f"{p99:.2f} ms (median {middle:.2f}; {ROUNDS} rounds of {len(rounds[0]):,} chunks)"
    yield Figure("recorded chunk times against the server's, 8 streams at once, p99", words, "3 ms", p99 <= 3)


def _round(place: Path, base_url: str) -> list[float]:
    server.log(base_url)
    project.gate(place, "record", "--mode", "all", "--samples", "1")
    seen = {one["id"]: one for one in server.log(base_url)}
    stored = [cassette.load(path) for path in cassette.scan(place / "golden").values()]
    return [error for one in stored for exchange in one.exchanges for error in _errors(exchange, seen)]


def _errors(exchange: Exchange, seen: dict[str, dict[str, Any]]) -> Iterator[float]:
    """Milliseconds between each write of the server and the chunk that brought its last byte."""
    name = next(value for key, value in exchange.request.headers if key.lower() == "x-request-id")
    arrived, ends = seen[name]["arrived"], []
    total = 0
    for chunk in exchange.chunks:
        total += chunk.size
        ends.append((total, chunk.at_ms))
    for written, offset in seen[name]["writes"]:
        at = next(at for end, at in ends if end >= offset)
        yield at - (written - arrived) / 1e6
