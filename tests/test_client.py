"""`send` against a real server on loopback that owns every byte: times, endings, redirects, credentials, bounds."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import random
import socket
import time
import tracemalloc

import pytest

from gate.errors import ConfigError
from gate.model import Ending, Exchange, Limits, Route, Timeouts
from gate.run.client import open_client, send
from gate.run.request import Prepared
from tests.loopback import CHAT, Call, Handler, Loopback, ask, ok, serve
from tests.misbehaving import (
    bad_chunk_size,
    close_at_once,
    close_delimited,
    cut_chunked,
    cut_length,
    dribbled_head,
    for_ever,
    head_then_silent,
    header_bomb,
    informational_first,
    no_content,
    no_http,
    one_chunk_then_silent,
    reset_at_once,
    reset_midway,
    silent,
    switching,
    two_lengths,
)

QUICK = Timeouts(connect=5, first_byte=0.5, between_chunks=0.5, total=5)


def test_a_plain_answer_is_recorded_whole() -> None:
    async def handler(call: Call) -> None:
        await call.write(
            b"HTTP/1.1 200 Fine\r\nContent-Length: 2\r\nX-Two: a\r\nX-Two: b\r\nContent-Type: application/json\r\n\r\n{}"
        )

    exchange, server = ask(handler)
    assert exchange.ending is Ending.COMPLETE
    assert exchange.detail == ""
    assert exchange.response is not None
    assert (exchange.response.status, exchange.response.reason, exchange.response.body) == (200, "Fine", b"{}")
    assert exchange.response.headers[1:3] == (("X-Two", "a"), ("X-Two", "b"))
    assert exchange.request.url == f"{server.base}/chat/completions"
    assert exchange.request.body == b'{"model":"m"}' == server.calls[0].body
    assert exchange.connect_ms is not None
    assert exchange.first_byte_ms is not None
    assert exchange.total_ms is not None
    assert 0 < exchange.first_byte_ms <= exchange.chunks[0].at_ms <= exchange.total_ms
    sent = dict(exchange.request.headers)
    assert {n.lower(): v for n, v in sent.items()}.items() >= {
        ("accept-encoding", "identity"), ("x-request-id", "r-1"), ("authorization", "Bearer sk-real"),
        ("content-type", "application/json"), ("content-length", "13"),
    }  # fmt: skip
    assert server.calls[0].headers["user-agent"].startswith("swapgate/")


def test_a_kept_connection_has_no_connect_time_and_no_cookie() -> None:
    async def handler(call: Call) -> None:
        await call.json(200, {}, {"set-cookie": "sid=1; Path=/"})

    async def main() -> tuple[Exchange, Exchange, Loopback]:
        async with serve(handler) as server:
            route = Route("candidate", server.base)
            async with open_client(route) as http:
                first = await send(http, CHAT, route, Limits())
                return first, await send(http, CHAT, route, Limits()), server

    first, second, server = asyncio.run(main())
    assert first.connect_ms is not None
    assert second.connect_ms is None
    assert "cookie" not in server.calls[1].headers


def test_a_step_may_ask_for_gzip_and_the_bytes_stay_encoded() -> None:
    packed = gzip.compress(b'{"ok":true}', mtime=0)

    async def handler(call: Call) -> None:
        await call.reply(200, packed, {"content-encoding": call.headers["accept-encoding"]})

    exchange, _ = ask(handler, Prepared("POST", "chat/completions", b"{}", {"Accept-Encoding": "gzip"}))
    assert exchange.response is not None
    assert exchange.response.body == packed


# -- times --------------------------------------------------------------------------------------


def test_chunk_times_are_the_servers() -> None:
    """Eight streams at once, each with its own times."""
    written: dict[bytes, list[float]] = {}

    async def handler(call: Call) -> None:
        await call.head()
        written[b"%d" % call.number] = times = []
        for _ in range(20):
            await asyncio.sleep(0.01)
            times.append((time.perf_counter() - call.arrived) * 1000)
            await call.chunk(b"data: %d\n\n" % call.number)
        await call.write(b"0\r\n\r\n")

    async def main() -> list[Exchange]:
        async with serve(handler) as server:
            route = Route("candidate", server.base)
            async with open_client(route) as http:
                steps = [Prepared("POST", "chat/completions", b"{}", sample=n) for n in range(8)]
                return await asyncio.gather(*(send(http, step, route, Limits()) for step in steps))

    exchanges = asyncio.run(main())
    off = []
    for exchange in exchanges:
        assert exchange.response
        times = written.pop(exchange.response.body.split()[1])
        assert [c.size for c in exchange.chunks] == [9] * 20
        off += [c.at_ms - t for c, t in zip(exchange.chunks, times, strict=True)]
    assert min(off) > -3  # never before it was written; how late it may be is measured in bench/


# -- endings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("handler", "ending", "status", "body", "words"),
    [
        (cut_length, Ending.CUT, 200, b"12345", "closed after 5 bytes of the body, before the announced end"),
        (cut_chunked, Ending.CUT, 200, b"12345", "closed after 5 bytes of the body, before the announced end"),
        (reset_midway, Ending.RESET, 200, b"12345", "the connection was reset after 5 bytes of the body"),
        (reset_at_once, Ending.RESET, None, b"", "the connection was reset before any answer"),
        (close_at_once, Ending.CUT, None, b"", "the connection was closed before any answer"),
        (silent, Ending.TIMEOUT, None, b"", "first_byte timeout: no byte of the answer within 0.5 s"),
        (dribbled_head, Ending.TIMEOUT, None, b"", "first_byte timeout: no byte of the answer within 0.5 s"),
        (head_then_silent, Ending.TIMEOUT, 200, b"", "first_byte timeout: no byte of the answer within 0.5 s"),
        (one_chunk_then_silent, Ending.TIMEOUT, 200, b"12345", "between_chunks timeout: no further byte within 0.5 s"),
        (close_delimited, Ending.COMPLETE, 200, b"12345", ""),
        (informational_first, Ending.COMPLETE, 200, b"12345", ""),
        (no_content, Ending.COMPLETE, 204, b"", ""),
        (switching, Ending.CUT, None, b"", "not valid HTTP before any answer"),  # nobody asked for it
        (no_http, Ending.CUT, None, b"", "not valid HTTP before any answer: illegal status line"),
        (header_bomb, Ending.CUT, None, b"", "not valid HTTP before any answer: Receive buffer too long"),
        (two_lengths, Ending.CUT, None, b"", "not valid HTTP before any answer: conflicting Content-Length"),
        (bad_chunk_size, Ending.CUT, 200, b"12345", "not valid HTTP after 5 bytes of the body: illegal chunk header"),
    ],
)
def test_endings(handler: Handler, ending: Ending, status: int | None, body: bytes, words: str) -> None:
    exchange, _ = ask(handler, timeouts=QUICK)
    assert (exchange.ending, exchange.response and exchange.response.status) == (ending, status)
    assert (exchange.response.body if exchange.response else b"") == body
    assert words in exchange.detail
    assert "SSH" not in exchange.detail  # what is no status line may hold anything
    assert exchange.detail.isprintable()
    assert bool(exchange.detail) == (ending is not Ending.COMPLETE)
    assert sum(c.size for c in exchange.chunks) == len(body)


def test_total_timeout_keeps_what_came() -> None:
    exchange, _ = ask(for_ever, timeouts=Timeouts(total=0.4))
    assert exchange.ending is Ending.TIMEOUT
    assert exchange.detail == "total timeout: not at its end within 0.4 s"
    assert exchange.response is not None
    assert len(exchange.response.body) == len(exchange.chunks) > 3


@pytest.mark.parametrize(
    ("base_url", "words"),
    [
        ("http://127.0.0.1:9/v1", "could not connect: connection refused (127.0.0.1:9)"),
        ("http://localhost:9/v1", "could not connect: connection refused (localhost:9)"),
        ("http://candidate.invalid/v1", "could not connect: the host name does not resolve (candidate.invalid:80)"),
        ("http://[::1]:9/v1", "could not connect: "),
    ],
)
def test_unreachable(base_url: str, words: str) -> None:
    exchange, _ = ask(ok, base_url=base_url)
    assert (exchange.ending, exchange.response, exchange.total_ms) == (Ending.UNREACHABLE, None, None)
    assert exchange.detail.startswith(words)


def test_tls_to_a_plain_port_is_unreachable() -> None:
    def talks_first(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async def main() -> Exchange:
        async with await asyncio.start_server(talks_first, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            route = Route("candidate", f"https://127.0.0.1:{port}/v1")
            async with open_client(route) as http:
                return await send(http, CHAT, route, Limits())

    exchange = asyncio.run(main())
    assert exchange.ending is Ending.UNREACHABLE
    assert exchange.detail.startswith("could not connect: TLS failed: ")


def test_a_port_that_never_answers_is_a_connect_timeout() -> None:
    with socket.socket() as full:  # a listener whose backlog is full drops the SYN
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(address)
        exchange, _ = ask(ok, base_url=f"http://127.0.0.1:{address[1]}/v1", timeouts=Timeouts(connect=0.3))
        for filler in fillers:
            filler.close()
    assert exchange.ending is Ending.UNREACHABLE
    assert exchange.detail == "could not connect: no answer within 0.3 s (connect timeout)"


@pytest.mark.parametrize(
    ("handler", "prepared", "words", "chunks"),
    [
        (for_ever, Prepared("POST", "x", b"", cancel_after_chunks=3), "hung up after 3 chunks", 3),
        (one_chunk_then_silent, Prepared("POST", "x", b"", give_up_after=0.5), "gave up after 0.5 s", 1),
        (silent, Prepared("POST", "x", b"", give_up_after=0.5), "gave up after 0.5 s", 0),
    ],
)
def test_cancelled_as_the_scenario_asks(handler: Handler, prepared: Prepared, words: str, chunks: int) -> None:
    exchange, _ = ask(handler, prepared)
    assert exchange.ending is Ending.CANCELLED
    assert words in exchange.detail
    assert len(exchange.chunks) == chunks


def test_our_own_cancellation_is_not_swallowed() -> None:
    async def main() -> None:
        async with serve(silent) as server:
            route = Route("candidate", server.base)
            async with open_client(route) as http, asyncio.timeout(0.1):
                await send(http, CHAT, route, Limits())

    with pytest.raises(TimeoutError):
        asyncio.run(main())


def test_the_next_request_after_a_hang_up_is_healthy() -> None:
    async def handler(call: Call) -> None:
        await (for_ever if call.number == 0 else ok)(call)

    async def main() -> tuple[Exchange, Exchange]:
        async with serve(handler) as server:
            route = Route("candidate", server.base)
            async with open_client(route) as http:
                first = await send(http, Prepared("POST", "x", b"", cancel_after_chunks=2), route, Limits())
                return first, await send(http, CHAT, route, Limits())

    first, second = asyncio.run(main())
    assert (first.ending, second.ending) == (Ending.CANCELLED, Ending.COMPLETE)


# -- bounds -------------------------------------------------------------------------------------


def test_a_large_stream_is_counted_and_hashed_in_bounded_memory() -> None:
    block, times, limit = b"x" * 65_536, 800, 100_000  # 52 MB

    async def handler(call: Call) -> None:
        await call.head()
        for _ in range(times):
            await call.chunk(block)
        await call.write(b"0\r\n\r\n")

    tracemalloc.start()
    try:
        exchange, _ = ask(handler, limits=Limits(max_body=limit))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert exchange.ending is Ending.TOO_LARGE
    assert exchange.detail == "52428800 bytes came, 100000 are stored (limits.max_body)"
    assert exchange.response is not None
    assert exchange.response.body == b"x" * limit
    assert sum(c.size for c in exchange.chunks) == limit
    assert exchange.body_size == len(block) * times
    assert exchange.body_sha256 == hashlib.sha256(block * times).hexdigest()
    assert peak < 8_000_000


def test_exactly_the_limit_is_not_too_large() -> None:
    exchange, _ = ask(ok, limits=Limits(max_body=len(b'{"ok": true}')))
    assert (exchange.ending, exchange.body_size, exchange.body_sha256) == (Ending.COMPLETE, None, None)


WIRE = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    b"HTTP/1.1 307 Moved\r\nLocation: http://127.0.0.1:9/x\r\nContent-Length: 2\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b; Domain=.x; Expires=never\r\nContent-Length: 5\r\n\r\nhello",
    b"HTTP/1.1 302 X\r\nLocation: //\xff\xfe:80/\r\n\r\n",
    b"HTTP/1.0 200\r\n\r\nbody",
)
NASTY = (b"\r\n", b"\0", b": ", b"Location: http://[::1\r\n", b"9" * 30, b"\xff", b"Content-Length: -1\r\n")


def test_no_bytes_of_a_remote_raise() -> None:
    dice = random.Random(7)

    async def handler(call: Call) -> None:
        data = bytearray(dice.choice(WIRE))
        for _ in range(dice.randrange(5)):
            at = dice.randrange(len(data))
            data[at : at + dice.randrange(4)] = dice.choice((*NASTY, dice.randbytes(2)))
        await call.write(bytes(data))
        dice.choice((call.close, call.reset))()

    async def main() -> list[Exchange]:
        async with serve(handler) as server:
            route = Route("candidate", server.base, timeouts=QUICK)
            async with open_client(route) as http:
                return [await send(http, CHAT, route, Limits(max_body=3), "sk-real") for _ in range(300)]

    exchanges = asyncio.run(main())
    assert {e.ending for e in exchanges} >= {Ending.COMPLETE, Ending.CUT, Ending.RESET, Ending.TOO_LARGE}
    assert all(e.detail.isprintable() and len(e.detail) < 300 for e in exchanges)


# -- proxies ------------------------------------------------------------------------------------


def test_unusable_proxy_settings_are_our_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "gopher://proxy:1")
    with pytest.raises(ConfigError, match="proxy"):
        open_client(Route("candidate", "http://x/v1"))


def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> tuple[Exchange, Loopback]:
        async with serve(ok) as proxy:
            monkeypatch.setenv("HTTP_PROXY", proxy.origin)
            monkeypatch.delenv("NO_PROXY", raising=False)
            monkeypatch.delenv("no_proxy", raising=False)
            route = Route("candidate", "http://candidate.invalid/v1")
            async with open_client(route) as http:
                return await send(http, CHAT, route, Limits()), proxy

    exchange, proxy = asyncio.run(main())
    assert exchange.ending is Ending.COMPLETE
    assert proxy.calls[0].target == "http://candidate.invalid/v1/chat/completions"
