"""A small real HTTP/1.1 server on loopback whose handlers own every byte: chunk timing, cuts, resets, lies.

A handler is `async def handler(call: Call) -> None`. It answers with `call.json(...)`, `call.stream(...)` or raw
`call.write(...)`; the connection stays open for the next request unless the handler closes or resets it.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from gate.model import Exchange, Limits, Route
from gate.run.client import open_client, send
from gate.run.request import Prepared


@dataclass
class Call:
    """One request as it arrived, and the means to answer it. `arrived` is perf_counter when its head was read."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    arrived: float
    number: int
    writer: asyncio.StreamWriter
    closed: bool = False

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def doc(self) -> Any:
        return json.loads(self.body)

    async def write(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def reply(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        fields = {"content-type": "application/json", "content-length": str(len(body)), **(headers or {})}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        await self.write(f"HTTP/1.1 {status} Reason\r\n{head}\r\n".encode("latin-1") + body)

    async def json(self, status: int, doc: Any, headers: Mapping[str, str] | None = None) -> None:
        await self.reply(status, json.dumps(doc).encode(), headers)

    async def head(self, status: int = 200, media_type: str = "text/event-stream") -> None:
        await self.write(
            f"HTTP/1.1 {status} OK\r\ncontent-type: {media_type}\r\ntransfer-encoding: chunked\r\n\r\n".encode()
        )

    async def chunk(self, data: bytes) -> None:
        await self.write(b"%x\r\n%s\r\n" % (len(data), data))

    async def stream(self, pieces: Iterable[bytes], gap: float = 0.0) -> None:
        await self.head()
        for piece in pieces:
            await self.chunk(piece)
            await asyncio.sleep(gap)
        await self.write(b"0\r\n\r\n")

    def close(self) -> None:
        self.closed = True
        self.writer.close()

    def reset(self) -> None:
        """Ends the connection with RST instead of FIN."""
        self.closed = True
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


Handler = Callable[[Call], Awaitable[None]]


@dataclass
class Loopback:
    """A running server. `calls` are all requests in order of arrival; `base` ends in /v1 as a base_url does."""

    port: int
    host: str = "127.0.0.1"
    calls: list[Call] = field(default_factory=list)
    busy: int = 0
    busiest: int = 0

    @property
    def origin(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def base(self) -> str:
        return f"{self.origin}/v1"


async def _read(reader: asyncio.StreamReader) -> tuple[str, str, dict[str, str], float] | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    arrived = time.perf_counter()
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, target, _ = first.split(" ", 2)
    fields = (line.partition(":") for line in lines)
    return method, target, {name.lower(): value.strip() for name, _, value in fields}, arrived


async def _connection(
    server: Loopback, handler: Handler, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    try:
        while head := await _read(reader):
            method, target, headers, arrived = head
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            call = Call(method, target, headers, body, arrived, len(server.calls), writer)
            server.calls.append(call)
            server.busy += 1
            server.busiest = max(server.busiest, server.busy)
            try:
                await handler(call)
            finally:
                server.busy -= 1
            if call.closed:
                return
    except (ConnectionError, asyncio.IncompleteReadError):
        pass  # the client hung up: what many tests are about
    finally:
        writer.close()


@asynccontextmanager
async def serve(handler: Handler, host: str = "127.0.0.1") -> AsyncIterator[Loopback]:
    """Runs the handler for every request until the block ends; open connections are dropped then."""
    loopback = Loopback(0, host)
    tasks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(_connection(loopback, handler, reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(connected, host, 0, limit=2**24)
    loopback.port = server.sockets[0].getsockname()[1]
    try:
        yield loopback
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


# -- answers ------------------------------------------------------------------------------------


def chat(message: Any = None) -> Any:
    """The body of a plain chat answer."""
    message = message or {"role": "assistant", "content": "ok"}
    return {"object": "chat.completion", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}


async def healthy(call: Call) -> None:
    await call.json(200, chat())


def together(count: int, then: Handler) -> Handler:
    """The first so many requests wait for each other: how many come at once is then no matter of speed."""
    full = asyncio.Event()

    async def handler(call: Call) -> None:
        if call.number >= count - 1:
            full.set()
        with suppress(TimeoutError):  # what never comes is seen by who counts
            await asyncio.wait_for(full.wait(), 20)
        await then(call)

    return handler


Reply = tuple[int, bytes, Mapping[str, str]]
GOOD: Reply = (200, b'{"object":"chat.completion","choices":[]}', {})
HTML: Reply = (502, b"<html>bad gateway</html>", {"content-type": "text/html"})
BUSY: Reply = (429, b'{"error":{"message":"slow down"}}', {"retry-after": "0.2"})


def answering(*replies: Reply | None) -> Handler:
    """One reply per request in order, the last one for ever; None resets the connection."""

    async def handler(call: Call) -> None:
        one = replies[min(call.number, len(replies) - 1)]
        if one is None:
            call.reset()
        else:
            await call.reply(*one)

    return handler


def refusing(*refused: str, instead: Mapping[str, str] | None = None) -> Handler:
    async def handler(call: Call) -> None:
        found = next((name for name in refused if name in call.doc), None)
        if found is None:
            await call.json(200, chat())
            return
        other = (instead or {}).get(found)
        tail = f" Use '{other}' instead." if other else ""
        words = f"Unsupported parameter: '{found}' is not supported with this model.{tail}"
        await call.json(400, {"error": {"message": words, "param": found, "code": "unsupported_parameter"}})

    return handler


# -- one exchange -------------------------------------------------------------------------------

CHAT = Prepared("POST", "chat/completions", b'{"model":"m"}', request_id="r-1")
UNBOUND = Limits()


async def ok(call: Call) -> None:
    await call.json(200, {"ok": True})


def ask(
    handler: Handler,
    prepared: Prepared = CHAT,
    *,
    key: str | None = "sk-real",
    limits: Limits = UNBOUND,
    **route: Any,
) -> tuple[Exchange, Loopback]:
    """One exchange with a server of that handler."""

    async def main() -> tuple[Exchange, Loopback]:
        async with serve(handler) as server:
            to = Route(**{"name": "candidate", "base_url": server.base, **route})
            async with open_client(to) as http:
                return await send(http, prepared, to, limits, key), server

    return asyncio.run(main())
