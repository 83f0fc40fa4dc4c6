"""Sockets that a thread reads: times that a busy loop can't spoil, what is read ahead, and how connections end."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path

import httpcore
import pytest

from gate.model import Ending, Exchange, Limits, Route
from gate.run import clocked
from gate.run.client import open_client, send
from gate.run.request import Prepared
from tests.loopback import Call, serve

CHAT = Prepared("POST", "chat/completions", b"{}")


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


def test_a_busy_loop_spoils_no_times() -> None:
    """Two chunks 50 ms apart, while the loop of the run does 200 ms of something else."""

    async def main() -> tuple[Exchange, list[float]]:
        written: list[float] = []

        async def handler(call: Call) -> None:
            await call.head()
            for piece in (b"data: 1\n\n", b"data: 2\n\n"):
                await asyncio.sleep(0.05)
                await call.chunk(piece)
                written.append((time.perf_counter() - call.arrived) * 1000)
            await call.write(b"0\r\n\r\n")

        found: list[str] = []

        def other() -> None:
            async def run() -> None:
                async with serve(handler) as server:
                    found.append(server.base)
                    while not over.is_set():
                        await asyncio.sleep(0.01)

            asyncio.run(run())

        over = threading.Event()
        thread = threading.Thread(target=other)
        thread.start()
        while not found:
            await asyncio.sleep(0.01)
        route = Route("r", found[0])
        async with open_client(route) as http:
            sending = asyncio.create_task(send(http, CHAT, route, Limits()))
            while not written:
                await asyncio.sleep(0.001)
            time.sleep(0.2)  # the second chunk comes meanwhile
            exchange = await sending
        over.set()
        thread.join()
        return exchange, written

    exchange, written = asyncio.run(main())
    assert [chunk.size for chunk in exchange.chunks] == [9, 9]
    assert exchange.chunks[1].at_ms < written[1] + 100  # 200 ms late on the loop


def test_what_nobody_reads_is_not_read_ahead_without_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocked, "_HELD", 1000)

    async def main() -> bytes:
        async def handler(call: Call) -> None:
            await call.reply(200, b"x" * 5_000_000)

        async with serve(handler) as server:
            route = Route("r", server.base)
            async with open_client(route) as http, http.stream("GET", f"{server.base}/models") as response:
                stream = response.extensions["network_stream"]
                await asyncio.sleep(0.3)
                assert stream._inner.held < 600_000
                return await response.aread()

    assert asyncio.run(main()) == b"x" * 5_000_000


@pytest.mark.parametrize(
    ("environ", "url", "straight"),
    [
        ({}, "http://a.test/v1", True),
        ({"http_proxy": "http://p:1"}, "http://a.test/v1", False),
        ({"http_proxy": "http://p:1"}, "https://a.test/v1", True),
        ({"all_proxy": "http://p:1"}, "https://a.test/v1", False),
        ({"http_proxy": "http://p:1", "no_proxy": "a.test"}, "http://a.test/v1", True),
    ],
)
def test_a_proxy_of_the_environment_is_left_to_httpx(
    monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], url: str, straight: bool
) -> None:
    for name in ("https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert clocked.direct(url) is straight


@pytest.mark.parametrize(
    ("error", "number"),
    [
        (ConnectionRefusedError(111, "refused"), 111),
        (
            OSError("Multiple exceptions: [Errno 111] Connect call failed ('::1', 1), [Errno 111] Connect call failed"),
            111,
        ),
        (OSError("nothing known"), None),
    ],
)
def test_errors_of_several_addresses_have_a_number(error: OSError, number: int | None) -> None:
    assert clocked._with_number(error).errno == number


def test_a_connection_that_is_gone_takes_no_bytes() -> None:
    async def main() -> None:
        async def handler(call: Call) -> None:
            call.reset()

        async with serve(handler) as server:
            thread = clocked._Thread()
            stream = await clocked._Backend(thread).connect_tcp("127.0.0.1", server.port)
            assert stream.get_extra_info("server_addr") == ("127.0.0.1", server.port)
            assert not stream.get_extra_info("is_readable")
            await stream.write(b"GET / HTTP/1.1\r\n\r\n")
            await stream.write(b"")
            with pytest.raises(httpcore.ReadError):
                await stream.read(10)
            assert stream.get_extra_info("is_readable")
            with pytest.raises(httpcore.WriteError):
                await stream.write(b"more")
            await stream.aclose()
            await thread.aclose()
            await thread.aclose()

    asyncio.run(main())


def test_what_nobody_closed_ends_with_the_client() -> None:
    async def main() -> int:
        async def handler(call: Call) -> None:
            await call.json(200, {})

        async with serve(handler) as server:
            thread = clocked._Thread()
            await clocked._Backend(thread).connect_tcp("127.0.0.1", server.port)
            (socket,) = thread.sockets
            await thread.aclose()
            assert socket.transport.is_closing()
            return len(thread.sockets)

    assert asyncio.run(main()) == 0


def test_a_client_that_asked_nothing_starts_no_thread() -> None:
    async def main() -> None:
        async with open_client(Route("r", "http://127.0.0.1:9/v1")):
            pass

    asyncio.run(main())


def test_an_idle_connection_that_the_server_closed_is_not_used_again() -> None:
    async def main() -> tuple[Exchange, int]:
        async def handler(call: Call) -> None:
            await call.json(200, {})
            call.close()

        async with serve(handler) as server:
            route = Route("r", server.base)
            async with open_client(route) as http:
                await send(http, CHAT, route, Limits())
                await asyncio.sleep(0.1)
                return await send(http, CHAT, route, Limits()), len(server.calls)

    exchange, calls = asyncio.run(main())
    assert (exchange.ending, exchange.connect_ms is not None, calls) == (Ending.COMPLETE, True, 2)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of localhost and its key in one file."""
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(cert)]  # fmt: skip
    if shutil.which("openssl") is None or subprocess.run(made, capture_output=True, check=False).returncode:
        pytest.skip("no openssl here")
    cert.write_text(cert.read_text() + key.read_text())
    return cert


@pytest.mark.parametrize("trusted", [True, False])
def test_tls(certificate: Path, trusted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "localhost")
    monkeypatch.setenv("no_proxy", "localhost")
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            for number in range(2):
                await reader.readuntil(b"{}")
                head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
                writer.write(head + b"5\r\none\n\n\r\n")
                await writer.drain()
                await asyncio.sleep(0.05)
                writer.write(b"5\r\ntwo\n\n\r\n0\r\n\r\n" if number == 0 else b"")
            writer.close()

    async def main() -> list[Exchange]:
        async with await asyncio.start_server(handler, "127.0.0.1", 0, ssl=context) as server:
            route = Route("r", f"https://localhost:{server.sockets[0].getsockname()[1]}/v1")
            async with open_client(route) as http:
                return [await send(http, CHAT, route, Limits()) for _ in range(2)]

    first, second = asyncio.run(main())
    if not trusted:
        assert first.ending is Ending.UNREACHABLE
        assert "the TLS certificate is not accepted: self-signed certificate" in first.detail
        return
    assert (first.ending, [c.size for c in first.chunks]) == (Ending.COMPLETE, [5, 5])
    assert first.chunks[1].at_ms - first.chunks[0].at_ms > 40
    assert (second.ending, second.connect_ms, [c.size for c in second.chunks]) == (Ending.CUT, None, [5])
