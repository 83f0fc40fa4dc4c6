"""How true recorded chunk times are: those of `gate record` and `gate proxy` against the server's own clock, and beside
them what a bare reader of sockets has, and a bare relay. They take turns, so that a busy moment hits all alike.

`python -m bench.times BASE_URL [COUNT SPREAD]` reads streams with nothing but sockets and prints what came when.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench import project, relay, server
from bench.figures import Figure, child, percentile
from gate.model import Exchange
from gate.store import cassette

STREAMS = 16
ROUNDS = 5
MOST = 8  # times what the least of all readers shows in the same turns

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
    found: dict[str, list[list[float]]] = {"reader": [], "record": [], "relay": [], "proxy": []}
    with server.running() as base_url:
        place = project.make(folder / "times", base_url, suite=["ticks"], model="ticking", at_once=STREAMS)
        (place / "ticks").mkdir()
        for number in range(STREAMS):
            (place / "ticks" / f"{number:02}.yaml").write_text(_SCENARIO.format(number=number), "utf-8")
        for number in range(ROUNDS):
            server.log(base_url)
            found["reader"].append(_errors_of(_bare(base_url), base_url))
            project.gate(place, "record", "--mode", "all", "--samples", "1")
            found["record"].append(_errors_of(_stored(place / "golden"), base_url))
            found["relay"].append(_errors_of(_relayed(base_url), base_url))
            found["proxy"].append(_errors_of(_proxied(folder / f"proxied-{number}", base_url), base_url))
    p99 = {name: statistics.median(percentile(off, 0.99) for off in rounds) for name, rounds in found.items()}
    chunks = len(found["record"][0])
    for side, least in (("record", "reader"), ("proxy", "relay")):
        what = f"`gate {side}`: recorded chunk times against the server's, {STREAMS} streams, p99 (a bare {least}'s)"
        words = f"{p99[side]:.2f} ms ({p99[least]:.2f} ms; {ROUNDS} rounds of {chunks:,} chunks)"
        yield Figure(what, words, f"{MOST}× the bare {least}'s", p99[side] <= MOST * p99[least])


def _stored(folder: Path) -> list[Exchange]:
    return [one for path in cassette.scan(folder).values() for one in cassette.load(path).exchanges]


def _errors_of(exchanges: list[Exchange], base_url: str) -> list[float]:
    seen = {one["id"]: one for one in server.log(base_url)}
    return [error for exchange in exchanges for error in _errors(exchange, seen)]


def _errors(exchange: Exchange, seen: dict[str, dict[str, Any]]) -> list[float]:
    """Milliseconds between each write of the server and the chunk that brought its last byte, less the least of the
    stream: both sides count from when they had the request, which is not the same moment."""
    name = next(value for key, value in exchange.request.headers if key.lower() == "x-request-id")
    arrived, ends = seen[name]["arrived"], []
    total, late = 0, list[float]()
    for chunk in exchange.chunks:
        total += chunk.size
        ends.append((total, chunk.at_ms))
    for written, offset in seen[name]["writes"]:
        at = next(at for end, at in ends if end >= offset)
        late.append(at - (written - arrived) / 1e6)
    return [error - min(late) for error in late]


# -- the proxy, and the bare reader -------------------------------------------------------------


def _proxied(folder: Path, base_url: str) -> list[Exchange]:
    """What the proxy recorded of streams that a bare reader reads through it."""
    folder.mkdir()
    with proxy(folder, base_url) as (through, _):
        child("bench.times", through)
    return _stored(folder / "golden")


@contextlib.contextmanager
def proxy(folder: Path, base_url: str) -> Iterator[tuple[str, int]]:
    """`gate proxy` in front of a server, recording into a folder; its base_url and its process. What it says of the
    recording is kept beside it."""
    command = [sys.executable, "-m", "gate", "proxy", "--upstream", base_url, "--quiet"]
    environ = {**project.environ(), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with (
        (folder / "proxy.log").open("w") as told,
        subprocess.Popen(command, cwd=folder, env=environ, stdout=subprocess.PIPE, stderr=told, text=True) as process,
    ):
        assert process.stdout is not None
        yield process.stdout.readline().strip(), process.pid
        process.send_signal(signal.SIGTERM)


def _relayed(base_url: str) -> list[Exchange]:
    """The same through the least of all proxies, whose times are its own."""
    with relay.running(base_url, STREAMS) as (through, seen):
        child("bench.times", through)
    return seen


def _bare(base_url: str) -> list[Exchange]:
    """The same streams, read by nothing but sockets; understood afterwards."""
    streams = child("bench.times", base_url)["streams"]
    return [
        one
        for number, came in enumerate(streams)
        for one in relay.understood(asked(number, base_url), came["sent"], came["reads"])
    ]


def asked(number: int, base_url: str) -> bytes:
    """The request of a stream of ticks, which the server knows by its id."""
    address = urlsplit(base_url)
    body = json.dumps({"model": "ticking", "stream": True, "messages": [{"role": "user", "content": f"tick {number}"}]})
    head = f"POST {address.path}/chat/completions HTTP/1.1\r\nhost: {address.netloc}\r\nx-request-id: bare-{number}\r\n"
    return f"{head}content-length: {len(body)}\r\n\r\n{body}".encode()


class _Reader(asyncio.Protocol):
    """Sends a request, and keeps what comes with the time at which it was read."""

    def __init__(self, asked: bytes) -> None:
        self._asked, self.sent = asked, 0.0
        self.reads: list[tuple[float, bytes]] = []
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(self._asked)
        self.sent = time.perf_counter()

    def data_received(self, data: bytes) -> None:
        self.reads.append((time.perf_counter(), data))
        if data.endswith(b"0\r\n\r\n"):
            self.done.set_result(None)


async def _read(base_url: str, count: int, spread: float) -> None:
    readers = await asyncio.gather(*(_one(base_url, n, spread * n / count) for n in range(count)))
    streams = [{"sent": r.sent, "reads": [(at, data.decode("latin-1")) for at, data in r.reads]} for r in readers]
    print(json.dumps({"streams": streams}))


async def _one(base_url: str, number: int, wait: float) -> _Reader:
    address, loop = urlsplit(base_url), asyncio.get_running_loop()
    await asyncio.sleep(wait)
    made = partial(_Reader, asked(number, base_url))
    _, reader = await loop.create_connection(made, address.hostname or "", address.port or 80)
    await reader.done
    return reader


if __name__ == "__main__":
    _url, _count, _spread = (*sys.argv[1:], str(STREAMS), "0")[:3]
    asyncio.run(_read(_url, int(_count), float(_spread)))
