"""`gate check` of the standard suite against a route that always takes 200 ms, beside a bare client in the same run.

`python -m bench.schedule BASE_URL FOLDER` is that client: it sends the requests of the goldens there, as many at once.
Like a check it asks last what a route may refuse or lack, so both need the same number of turns.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import httpx

from bench import project, server
from bench.figures import Figure, child
from gate.endpoints import for_url
from gate.model import Exchange
from gate.store.sides import load_side

CONCURRENCY = 8
RUNS = 5
_FIRST = frozenset({"chat.completions", "embeddings"})


def figures(folder: Path) -> Iterator[Figure]:
    """First request to arrive until last answer written, as the server saw it."""
    taken: dict[str, list[float]] = {"gate": [], "bare": []}
    with server.running() as base_url:
        place = project.make(folder / "schedule", base_url)
        project.gate(place, "record")
        server.log(base_url)
        for _ in range(RUNS):
            project.gate(place, "check")
            taken["gate"].append(_seconds(base_url))
            child("bench.schedule", base_url, str(place / "golden"))
            taken["bare"].append(_seconds(base_url))
    ours, bare = (statistics.median(taken[name]) for name in ("gate", "bare"))
    words = f"{ours / bare:.2f}× of {bare * 1000:.0f} ms"
    each = f"{server.LATENCY * 1000:.0f} ms each"
    what = f"`gate check`, standard suite, {CONCURRENCY} at once, {each}, beside the bare requests"
    yield Figure(what, words, "1.25×", ours <= 1.25 * bare)


def _seconds(base_url: str) -> float:
    seen = server.log(base_url)
    taken: float = max(one["writes"][-1][0] for one in seen) - min(one["arrived"] for one in seen)
    return taken / 1e9


# -- the bare client, in a process of its own ---------------------------------------------------


async def _send(base_url: str, goldens: Iterable[Sequence[Exchange]]) -> None:
    room = asyncio.Semaphore(CONCURRENCY)
    turns: tuple[list[Sequence[Exchange]], ...] = ([], [])
    for steps in goldens:
        turns[not all(map(_sure, steps))].append(steps)
    async with httpx.AsyncClient(timeout=60, headers={"authorization": "Bearer bench-key-0001"}) as client:
        for turn in turns:
            await asyncio.gather(*(_scenario(client, room, base_url, steps) for steps in turn))
    print(json.dumps({"sent": sum(map(len, (*turns[0], *turns[1])))}))


def _sure(exchange: Exchange) -> bool:
    served = exchange.response is not None and exchange.response.status < 400
    return served and for_url(exchange.request.url, exchange.request.method).name in _FIRST


async def _scenario(
    client: httpx.AsyncClient, room: asyncio.Semaphore, base_url: str, steps: Sequence[Exchange]
) -> None:
    for one in steps:
        path = one.request.url.partition("/v1")[2]
        async with room:
            await client.request(one.request.method, base_url + path, content=one.request.body)


if __name__ == "__main__":
    asyncio.run(_send(sys.argv[1], load_side(Path(sys.argv[2])).exchanges.values()))
