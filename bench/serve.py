"""`gate serve`: chunks for a second of its CPU, many streams at once byte for byte, and how true it keeps the pace.

`python -m bench.serve read BASE_URL COUNT` reads COUNT streams and prints what came; `python -m bench.serve bare COUNT`
is the least that can serve them: asyncio, a loop with deadlines, and the bytes.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from bench.figures import Figure, child, percentile
from gate.model import Chunk, Exchange, Request, Response
from gate.store import cassette, journal

LONG, PACED = 5_000, 150  # chunks of a stream
EVERY_MS = 20.0
CROWD, STREAMS = 200, 50
ROUNDS = 5
SPREAD = 0.5  # seconds over which the streams start
MOST = 4  # times what the least server shows in the same turns


def figures(folder: Path) -> Iterator[Figure]:
    """Work and wholeness without delay, pace with it."""
    golden = golden_of(folder / "golden", LONG)
    whole = hashlib.sha256(_body(LONG)).hexdigest()
    with running(golden, "--no-delay") as (base_url, pid):
        spent, digests = _crowd_read(base_url, pid)
    with _unpaced() as (base_url, pid):
        floor, _ = _crowd_read(base_url, pid)
    right = sum(digest == whole for digest in digests)
    what = f"`gate serve --no-delay`: CPU for {CROWD} streams of {LONG:,} chunks at once, against the least server"
    words = f"{spent / floor:.1f}×: {CROWD * LONG / spent:,.0f} chunks for a second of CPU"
    yield Figure(what, words, "20×", spent <= 20 * floor)
    what = f"of {CROWD} streams of {LONG:,} chunks at once, those that came byte for byte"
    yield Figure(what, str(right), str(CROWD), right == CROWD)
    yield _pace(folder)


def _crowd_read(base_url: str, pid: int) -> tuple[float, list[str]]:
    """Seconds of the server's CPU for the crowd, and the digest of each stream."""
    child("bench.serve", "read", base_url, "1")  # warm
    before = cpu(pid)
    digests: list[str] = child("bench.serve", "read", base_url, str(CROWD))["digests"]
    return cpu(pid) - before, digests


def _pace(folder: Path) -> Figure:
    """How late the server writes each chunk, and how late the least server does, in turns for the same client."""
    golden, ours, bare = golden_of(folder / "paced", PACED), list[float](), list[float]()
    for number in range(ROUNDS):
        kept = folder / f"kept-{number}"
        with running(golden, "--log", str(kept)) as (base_url, _):
            child("bench.serve", "read", base_url, str(STREAMS), str(SPREAD))
        played = [e for path in cassette.scan(kept).values() for e in cassette.load(path).exchanges]
        late = [c.at_ms - EVERY_MS * (n + 1) for exchange in played for n, c in enumerate(exchange.chunks)]
        ours.append(percentile(late, 0.99))
        bare.append(_bare_round())
    mine, floor = statistics.median(ours), statistics.median(bare)
    what = f"how late a chunk is written, {STREAMS} streams at recorded pace, p99 (the least server in the same run)"
    return Figure(what, f"{mine:.2f} ms ({floor:.2f} ms)", f"{MOST}× the least server's", mine <= MOST * floor)


def _bare_round() -> float:
    with least() as (base_url, late):
        child("bench.serve", "read", base_url, str(STREAMS), str(SPREAD))
        return late()


@contextlib.contextmanager
def least() -> Iterator[tuple[str, Callable[[], float]]]:
    """The least server, for STREAMS streams; when they have ended, how late it was with a chunk, p99 in ms."""
    command = [sys.executable, "-m", "bench.serve", "bare", str(STREAMS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        output = process.stdout
        assert output is not None
        yield output.readline().strip(), lambda: float(output.readline())


@contextlib.contextmanager
def _unpaced() -> Iterator[tuple[str, int]]:
    """The least server without delay, for the long stream; its process."""
    with subprocess.Popen(
        [sys.executable, "-m", "bench.serve", "unpaced"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip(), process.pid
        process.terminate()


# -- what is served -----------------------------------------------------------------------------


def piece(number: int) -> str:
    """A part of the text: of one length, so that a server that cuts the text anew has the same pieces."""
    return f" w{number:06}"


def _frame(number: int) -> bytes:
    delta = {"content": piece(number)}
    chunk = {"id": "c", "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": delta}]}
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"


def _body(count: int) -> bytes:
    return b"".join(_frame(number) for number in range(count))


def golden_of(folder: Path, count: int) -> Path:
    """A folder with the golden of a stream of so many chunks."""
    asked = Request("POST", "http://h/v1/chat/completions", (("authorization", "Bearer x"),), json.dumps(ASK).encode())
    answer = Response(200, "OK", (("content-type", "text/event-stream"),), _body(count))
    chunks = tuple(Chunk(EVERY_MS * (n + 1), len(_frame(n))) for n in range(count))
    exchange = Exchange(asked, answer, chunks, scenario="stream")
    journal.write(folder / "stream" / "cassette.yaml", cassette.dump({}, [exchange]))
    return folder


ASK = {"model": "m", "stream": True, "messages": [{"role": "user", "content": "Talk."}]}


@contextlib.contextmanager
def running(golden: Path, *options: str) -> Iterator[tuple[str, int]]:
    """`gate serve` over these goldens: its base_url and process."""
    command = [sys.executable, "-m", "gate", "serve", str(golden), "--quiet", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip(), process.pid
        process.terminate()


def cpu(pid: int) -> float:
    """Seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# -- in processes of their own ------------------------------------------------------------------


async def _read(base_url: str, wait: float) -> str:
    """The digest of one stream, read to its end."""
    await asyncio.sleep(wait)
    address, body = urlsplit(base_url), json.dumps(ASK).encode()
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    head = (
        f"POST {address.path}/chat/completions HTTP/1.1\r\nhost: h\r\nconnection: close\r\ncontent-length: {len(body)}"
    )
    writer.write(head.encode() + b"\r\n\r\n" + body)
    await reader.readuntil(b"\r\n\r\n")
    digest = hashlib.sha256()
    while size := int(await reader.readuntil(b"\r\n"), 16):
        digest.update(await reader.readexactly(size))
        await reader.readexactly(2)
    writer.close()
    return digest.hexdigest()


async def _crowd(base_url: str, count: int, spread: float) -> None:
    waits = (spread * number / count for number in range(count))
    print(json.dumps({"digests": await asyncio.gather(*(_read(base_url, wait) for wait in waits))}))


async def _at_once() -> None:
    """Sends the chunks one by one, each in its own write, as they are recorded."""
    frames = [b"%x\r\n%b\r\n" % (len(_frame(n)), _frame(n)) for n in range(LONG)]

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        for frame in frames:
            writer.write(frame)
            await writer.drain()
        writer.write(b"0\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", flush=True)
    await server.serve_forever()


async def _bare(count: int) -> None:
    late: list[float] = []
    frames = [b"%x\r\n%b\r\n" % (len(_frame(n)), _frame(n)) for n in range(PACED)]
    all_done = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        start = time.perf_counter()
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        for number, frame in enumerate(frames):
            due = start + EVERY_MS * (number + 1) / 1000
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            late.append((time.perf_counter() - due) * 1000)
            writer.write(frame)
        writer.write(b"0\r\n\r\n")
        writer.close()
        if len(late) == count * PACED:
            all_done.set()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", flush=True)
    await all_done.wait()
    print(percentile(late, 0.99), flush=True)


def main(part: str, *arguments: str) -> None:
    if part == "read":
        asyncio.run(_crowd(arguments[0], int(arguments[1]), float(arguments[2]) if arguments[2:] else 0.0))
    elif part == "unpaced":
        asyncio.run(_at_once())
    else:
        asyncio.run(_bare(int(arguments[0])))


if __name__ == "__main__":
    main(*sys.argv[1:])
