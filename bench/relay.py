"""The least that can stand between a client and a server: two sockets, and the time of each read.

`python -m bench.relay BASE_URL COUNT` prints its own base_url, and when so many connections have ended, what came when.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from gate.model import Exchange
from gate.proxy.conversation import Conversation
from gate.proxy.tape import Kind, Piece
from gate.run.capture import Room


@dataclass
class Came:
    """One connection: what was asked, when it was sent on, and what came when."""

    asked: bytes = b""
    sent: float = 0.0
    reads: list[tuple[float, bytes]] = field(default_factory=list)


class _Near(asyncio.Protocol):
    def __init__(self, host: str, port: int, ended: Callable[[Came], None]) -> None:
        self._host, self._port, self._ended = host, port, ended
        self.came = Came()
        self._far: asyncio.Transport | None = None
        self._task: asyncio.Task[None] | None = None
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._task = asyncio.get_running_loop().create_task(self._connect())

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        self._far, _ = await loop.create_connection(lambda: _Far(self), self._host, self._port)
        if self.came.asked:
            self._send(self.came.asked)

    def data_received(self, data: bytes) -> None:
        self.came.asked += data
        if self._far is not None:
            self._send(data)

    def _send(self, data: bytes) -> None:
        assert self._far is not None
        self._far.write(data)
        self.came.sent = time.perf_counter()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        if self._far is not None:
            self._far.abort()
        self._ended(self.came)


class _Far(asyncio.Protocol):
    def __init__(self, near: _Near) -> None:
        self._near = near

    def data_received(self, data: bytes) -> None:
        at = time.perf_counter()
        self._near.transport.write(data)
        self._near.came.reads.append((at, data))


async def _serve(base_url: str, count: int) -> None:
    address, every, done = urlsplit(base_url), list[Came](), asyncio.Event()

    def ended(came: Came) -> None:
        every.append(came)
        if len(every) == count:
            done.set()

    loop = asyncio.get_running_loop()
    host, port = address.hostname or "", address.port or 80
    server = await loop.create_server(lambda: _Near(host, port, ended), "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}{address.path}", flush=True)
    await done.wait()
    print(json.dumps([[c.asked.decode(), c.sent, [(at, d.decode("latin-1")) for at, d in c.reads]] for c in every]))


# -- for those who measure ----------------------------------------------------------------------


@contextlib.contextmanager
def running(base_url: str, count: int) -> Iterator[tuple[str, list[Exchange]]]:
    """The relay's base_url, and after the block what it saw of so many connections."""
    command = [sys.executable, "-m", "bench.relay", base_url, str(count)]
    seen: list[Exchange] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip(), seen
        for asked, sent, reads in json.loads(process.stdout.read()):
            seen += understood(asked.encode(), sent, reads)


def understood(asked: bytes, sent: float, reads: list[Any]) -> list[Exchange]:
    """The exchanges of what a socket brought: [[time, latin-1 text], …]."""
    conversation = Conversation("http://h", 2**26, Room(2**26))
    tape = [Piece(Kind.ASKED, 1, sent, asked)]
    tape += [Piece(Kind.ANSWERED, 1, at, data.encode("latin-1")) for at, data in reads]
    return [exchange for piece in tape for exchange in conversation.take(piece)]


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], int(sys.argv[2])))
