"""`gate proxy`: what it adds to a chunk at 50 streams, beside the least proxy and none at all; and its memory.

All three take turns on the same server in the same run: how late a chunk is without any proxy is the source's jitter.
"""

from __future__ import annotations

import socket
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench import relay, server, times
from bench.figures import Figure, child, percentile

STREAMS, SPREAD = 50, 0.5  # seconds over which the streams start
ROUNDS = 5
# Megabytes. Of a stream that is read slowly 64 MiB may wait to be recorded (gate.proxy.tape.MAX_WAITING): 50 MB fit in,
# so that what is bounded shows between the longer two.
SIZES = (1, 50, 200, 400)
MOST = 4  # times how late a chunk is through the least relay in the same turns


def figures(folder: Path) -> Iterator[Figure]:
    """Delay and memory."""
    late: dict[str, list[float]] = {"none": [], "least": [], "ours": []}
    with server.running() as base_url:
        for number in range(ROUNDS):
            late["none"].append(_late(base_url, base_url))
            with relay.running(base_url, STREAMS) as (through, _):
                late["least"].append(_late(through, base_url))
            place = folder / f"proxy-{number}"
            place.mkdir()
            with times.proxy(place, base_url) as (through, _):
                late["ours"].append(_late(through, base_url))
    none, least, ours = (statistics.median(late[name]) for name in ("none", "least", "ours"))
    what = f"how late a chunk is through `gate proxy`, {STREAMS} streams, p99 (the least relay; without any)"
    words = f"{ours:.2f} ms ({least:.2f} ms; {none:.2f} ms)"
    yield Figure(what, words, f"{MOST}× the least relay's", ours <= MOST * least)
    yield _memory(folder)


def _late(base_url: str, source: str) -> float:
    """How late chunks are read, in ms after the server wrote them, p99."""
    server.log(source)
    streams = child("bench.times", base_url, str(STREAMS), str(SPREAD))["streams"]
    seen = {one["id"]: one for one in server.log(source)}
    late: list[float] = []
    for number, came in enumerate(streams):
        late += _delays(came, seen[f"bare-{number}"])
    return percentile(late, 0.99)


def _delays(came: dict[str, Any], seen: dict[str, Any]) -> Iterator[float]:
    (exchange,) = relay.understood(times.asked(0, "http://h/v1"), came["sent"], came["reads"])
    ends, total = [], 0
    for chunk in exchange.chunks:
        total += chunk.size
        ends.append((total, came["sent"] * 1000 + chunk.at_ms))
    for written, offset in seen["writes"]:
        yield next(at for end, at in ends if end >= offset) - written / 1e6


# -- memory -------------------------------------------------------------------------------------


def _memory(folder: Path) -> Figure:
    """Both processes, while long streams pass whose client reads slowly at first."""
    peaks: dict[int, float] = {}
    for size in SIZES:
        place = folder / f"memory-{size}"
        place.mkdir()
        with server.running() as base_url, times.proxy(place, base_url) as (through, pid):
            _slowly(through, size)
            peaks[size] = sum(map(_peak, [pid, *_children(pid)]))
    words = " · ".join(f"{size} MB: {peak:.0f} MB" for size, peak in peaks.items())
    fine = peaks[400] <= 1.25 * peaks[200]
    return Figure("`gate proxy`, peak memory of both processes by the length of a stream", words, "bounded", fine)


def _slowly(base_url: str, size: int) -> None:
    address, body = urlsplit(base_url), times.asked(0, base_url).replace(b"ticking", f"huge-{size}".encode())
    head, _, rest = body.partition(b"\r\n\r\n")
    length = f"content-length: {len(rest)}".encode()
    head = b"\r\n".join(length if line.startswith(b"content-length") else line for line in head.split(b"\r\n"))
    with socket.create_connection((address.hostname or "", address.port or 80)) as peer:
        peer.sendall(head + b"\r\n\r\n" + rest)
        time.sleep(1.0)  # it does not read at all
        tail = b""
        while not tail.endswith(b"0\r\n\r\n"):
            data = peer.recv(262144)
            if not data:
                break
            tail = (tail + data)[-8:]


def _peak(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()]
