"""A route of known latency in a process of its own: `python -m bench.server` prints its port and serves until killed.

It answers the standard suite 200 ms after a request, streams chunks at times that it notes (model `ticking`) and
sends streams and images of many megabytes (model `huge-N`). `GET /log` says what it saw and when: nanoseconds of
CLOCK_MONOTONIC, which all processes of one machine share.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

from bench import answers

LATENCY = 0.2
TICKS = 40
TICK = 0.02


@dataclass
class Seen:
    """One request: when its last byte came, and when each piece of the answer was written (with its end offset)."""

    id: str
    arrived: int
    writes: list[tuple[int, int]] = field(default_factory=list)


_log: list[Seen] = []


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in head.split("\r\n")[1:])}
            raw = await reader.readexactly(int(headers.get("content-length", "0")))
            await _answer(writer, head.split(" ")[1], headers, raw)
    writer.close()


async def _answer(writer: asyncio.StreamWriter, path: str, headers: dict[str, str], raw: bytes) -> None:
    if path == "/log":
        found = [{"id": seen.id, "arrived": seen.arrived, "writes": seen.writes} for seen in _log]
        _write_plain(writer, 200, json.dumps(found).encode())
        _log.clear()
        return
    seen = Seen(headers.get("x-request-id", ""), time.monotonic_ns())
    _log.append(seen)
    body = _parsed(raw)
    model = body.get("model", "") if isinstance(body, dict) else ""
    if path.endswith("/images/generations"):
        size = int(model.partition("-")[2] or 0) * 1_000_000
        _write_plain(writer, 200, answers.image(size or 1_000))
        return
    if model == "ticking" or model.startswith("huge"):
        await _stream(writer, _ticking() if model == "ticking" else _huge(int(model.partition("-")[2])), seen)
        return
    await asyncio.sleep(LATENCY)
    status, kind, answer = answers.answer(path, headers, body)
    _write_plain(writer, status, answer, kind)
    seen.writes.append((time.monotonic_ns(), len(answer)))


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw) if raw else {}
    except ValueError:
        return None


def _write_plain(writer: asyncio.StreamWriter, status: int, body: bytes, kind: str = "application/json") -> None:
    head = f"HTTP/1.1 {status} Answer\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)


async def _stream(writer: asyncio.StreamWriter, pieces: AsyncIterator[bytes], seen: Seen) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
    sent = 0
    async for piece in pieces:
        sent += len(piece)
        seen.writes.append((time.monotonic_ns(), sent))
        writer.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        await writer.drain()
    writer.write(b"0\r\n\r\n")


async def _ticking() -> AsyncIterator[bytes]:
    for frame in answers.stream("ticking", " tick" * TICKS):
        yield frame
        await asyncio.sleep(TICK * random.uniform(0.5, 1.5))


async def _huge(megabytes: int) -> AsyncIterator[bytes]:
    text = answers.stream("huge", " word" * 180)
    block = b"".join(text[1:-2])
    yield text[0]
    for _ in range(megabytes * 1_000_000 // len(block)):
        yield block
    yield b"".join(text[-2:])


async def _main() -> None:
    server = await asyncio.start_server(_serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


# -- for those who measure ----------------------------------------------------------------------


@contextlib.contextmanager
def running() -> Iterator[str]:
    """The base URL of a server in a process of its own."""
    process = subprocess.Popen([sys.executable, "-m", "bench.server"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/v1"
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def log(base_url: str) -> list[dict[str, Any]]:
    """What the server saw since the last call."""
    with urllib.request.urlopen(base_url.removesuffix("/v1") + "/log") as answer:
        found: list[dict[str, Any]] = json.load(answer)
        return found


if __name__ == "__main__":
    asyncio.run(_main())
