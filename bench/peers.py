"""`gate serve` beside aimock (https://github.com/CopilotKit/aimock), which records a stream of it and plays it again.

All take turns for the same reader in the same run, the least server too. aimock keeps texts and an average pace, not
bytes, by its own words; so what is compared is what a reader sees of both: the text, and when its parts come.

`python -m bench.peers read BASE_URL COUNT SPREAD` prints what COUNT streams brought: the digest of each text, how many
parts, and how far each of them is from its recorded place, in ms.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypedDict
from urllib.parse import urlsplit

import httpx

from bench import serve
from bench.figures import Figure, child, percentile

AIMOCK = "@copilotkit/aimock@1.43.0"
PIECE = "8"  # characters of each part of the recording, as bench.serve makes them
ROUNDS = 3

Running = Callable[[], AbstractContextManager[tuple[str, object]]]


class Read(TypedDict):
    """What one stream brought."""

    digest: str
    parts: int
    off: list[float]


def figures(folder: Path) -> Iterator[Figure]:
    """Pace at 50 streams, and 200 streams without delay; nothing where npm is missing."""
    if shutil.which("npm") is None:
        return
    program = _installed(folder / "aimock")
    yield _pace(folder, program)
    yield from _crowd(folder, program)


def _pace(folder: Path, program: Path) -> Figure:
    golden = serve.golden_of(folder / "peers-paced", serve.PACED)
    fixtures = _recorded(folder / "fixtures-paced", program, golden)
    servers: dict[str, Running] = {
        "gate": lambda: serve.running(golden),
        "aimock": lambda: _aimock(program, fixtures),
        "least": serve.least,
    }
    off: dict[str, list[float]] = {name: [] for name in servers}
    for _ in range(ROUNDS):
        for name, running in servers.items():
            with running() as (base_url, _):
                streams = _read(base_url, serve.STREAMS, serve.SPREAD)
                off[name].append(percentile([abs(ms) for stream in streams for ms in stream["off"]], 0.99))
    gate, aimock, least = (statistics.median(off[name]) for name in servers)
    what = f"how far from its recorded place a part is read, {serve.STREAMS} streams, p99 (the least server)"
    words = f"`gate serve` {gate:.1f} ms, aimock {aimock:.1f} ms ({least:.1f} ms)"
    return Figure(what, words, f"{serve.MOST}× the least server's", gate <= serve.MOST * least)


def _crowd(folder: Path, program: Path) -> Iterator[Figure]:
    golden = serve.golden_of(folder / "peers-crowd", serve.LONG)
    fixtures = _recorded(folder / "fixtures-crowd", program, golden, "--no-delay")
    whole = hashlib.sha256("".join(map(serve.piece, range(serve.LONG))).encode()).hexdigest()
    rates, right = [], []
    at_once = (serve.running(golden, "--no-delay"), _aimock(program, fixtures, "1000000"))
    for running in at_once:
        with running as (base_url, pid):
            _read(base_url, 1)  # warm
            before = serve.cpu(pid)
            streams = _read(base_url, serve.CROWD)
            rates.append(sum(stream["parts"] for stream in streams) / (serve.cpu(pid) - before))
        right.append(sum(stream["digest"] == whole for stream in streams))
    what = f"stream chunks for a second of CPU without delay, {serve.CROWD} streams at once"
    yield Figure(what, f"`gate serve` {rates[0]:,.0f}, aimock {rates[1]:,.0f}", "–", True)
    what = f"of {serve.CROWD} such streams, those whose text came whole"
    yield Figure(what, f"`gate serve` {right[0]}, aimock {right[1]}", str(serve.CROWD), right[0] == serve.CROWD)


def _read(base_url: str, count: int, spread: float = 0.0) -> list[Read]:
    streams: list[Read] = child("bench.peers", "read", base_url, str(count), str(spread))["streams"]
    return streams


# -- the servers --------------------------------------------------------------------------------


def _installed(folder: Path) -> Path:
    """aimock's program, in a folder of its own."""
    folder.mkdir(parents=True)
    command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(folder), AIMOCK]
    subprocess.run(command, check=True, capture_output=True)
    return folder / "node_modules/@copilotkit/aimock/dist/cli.js"


def _recorded(fixtures: Path, program: Path, golden: Path, *options: str) -> Path:
    """What aimock records of a stream of ours."""
    fixtures.mkdir()
    with serve.running(golden, *options) as (upstream, _):
        recording = ("--record", "--provider-openai", upstream.removesuffix("/v1"))
        with _aimock(program, fixtures, "1", *recording) as (base_url, _):
            headers = {"authorization": "Bearer x"}
            httpx.post(f"{base_url}/chat/completions", json=serve.ASK, headers=headers, timeout=60).raise_for_status()
            while not any(fixtures.rglob("*.json")):
                time.sleep(0.1)
    return fixtures


@contextlib.contextmanager
def _aimock(program: Path, fixtures: Path, speed: str = "1", *more: str) -> Iterator[tuple[str, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["-p", str(port), "-f", str(fixtures), "-c", PIECE, "--replay-speed", speed, "--log-level", "silent"]
    with subprocess.Popen(["node", str(program), *options, *more], stdout=subprocess.DEVNULL) as process:
        while not _listens(port):
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/v1", process.pid
        process.terminate()


def _listens(port: int) -> bool:
    with socket.socket() as peer:
        return peer.connect_ex(("127.0.0.1", port)) == 0


# -- the reader, in a process of its own --------------------------------------------------------


async def _stream(base_url: str, wait: float) -> Read:
    await asyncio.sleep(wait)
    address, body = urlsplit(base_url), json.dumps(serve.ASK).encode()
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    head = (
        f"POST {address.path}/chat/completions HTTP/1.1\r\nhost: h\r\nconnection: close\r\nauthorization: Bearer x\r\n"
    )
    fields = f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + fields.encode() + body)
    came: list[tuple[float, bytes]] = []
    while line := await reader.readline():
        if line.startswith(b"data: {"):
            came.append((time.perf_counter(), line))
    writer.close()
    return _seen(came)


def _seen(came: list[tuple[float, bytes]]) -> Read:
    """What was read, understood when all is over."""
    parts = [(at, json.loads(line[6:])["choices"][0]["delta"].get("content")) for at, line in came]
    told = [(at, text) for at, text in parts if text]
    places = [at * 1000 - serve.EVERY_MS * n for n, (at, _) in enumerate(told)]
    start = statistics.median(places)  # a late first part is one late part
    digest = hashlib.sha256("".join(text for _, text in told).encode()).hexdigest()
    return {"digest": digest, "parts": len(told), "off": [place - start for place in places[:1000]]}


async def _all(base_url: str, count: int, spread: float) -> None:
    waits = (spread * number / count for number in range(count))
    print(json.dumps({"streams": await asyncio.gather(*(_stream(base_url, wait) for wait in waits))}))


if __name__ == "__main__":
    asyncio.run(_all(sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))
