"""Sockets that a thread of its own reads, so that each piece has the time at which it came.

On the loop of a run a piece waits for whatever is done with the answers before it: with 16 streams that is
milliseconds.
httpcore takes any backend (https://www.encode.io/httpcore/network-backends/); ours has a loop in a thread that reads,
stamps and decrypts, and nothing else.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import re
import ssl
import threading
import time
import urllib.request
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpcore
import httpx

T = TypeVar("T")

ARRIVED, SENT = "gate.arrived", "gate.sent"
"""What a stream tells besides: when the piece came that was read last; when the first bytes of the request went out."""

_HELD = 1024 * 1024  # bytes that are read ahead
_ERRNO = re.compile(r"\[Errno (\d+)\]")


def direct(base_url: str) -> bool:
    """Whether a URL is reached without a proxy of the environment."""
    parts, proxies = urlsplit(base_url), urllib.request.getproxies()
    named = proxies.get(parts.scheme) or proxies.get("all")
    return not named or bool(urllib.request.proxy_bypass(parts.hostname or ""))


@functools.cache
def _trusted(*_settings: str | None) -> ssl.SSLContext:
    """httpx's own context, read once for these settings of the environment: a run opens several clients, and the
    certificates take 30 ms each time."""
    return httpx.create_ssl_context()


class Transport(httpx.AsyncBaseTransport):
    """As httpx's own, over sockets that are read in a thread. Raises OSError where the CA settings can't be used."""

    def __init__(self, max_keepalive: int, keepalive_expiry: float) -> None:
        self._thread = _Thread()
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=_trusted(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")),
            max_connections=None,
            max_keepalive_connections=max_keepalive,
            keepalive_expiry=keepalive_expiry,
            network_backend=_Backend(self._thread),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request. Raises the exceptions of httpx."""
        assert isinstance(request.stream, httpx.AsyncByteStream)
        url = request.url
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        asked = httpcore.Request(
            request.method, target, headers=request.headers.raw, content=request.stream, extensions=request.extensions
        )
        with _named():
            answer = await self._pool.handle_async_request(asked)
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions)

    async def aclose(self) -> None:
        """Ends all connections."""
        await self._pool.aclose()
        await self._thread.aclose()


class _Body(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._stream: Any = answer.stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _named():
            async for part in self._stream:
                yield part

    async def aclose(self) -> None:
        await self._stream.aclose()


@contextlib.contextmanager
def _named() -> Iterator[None]:
    """httpcore's exceptions as httpx's, which have the same names."""
    try:
        yield
    except (
        httpcore.NetworkError,
        httpcore.TimeoutException,
        httpcore.ProtocolError,
        httpcore.UnsupportedProtocol,
    ) as e:
        raise getattr(httpx, type(e).__name__, httpx.NetworkError)(str(e)) from e


# -- the thread ---------------------------------------------------------------------------------


class _Thread:
    """A loop in a thread, from the first connection on."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self.sockets: set[_Socket] = set()  # that are open

    async def run(self, step: Coroutine[Any, Any, T]) -> T:
        """What the step returns, run in the thread."""
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=self._loop.run_forever, name="sockets", daemon=True)
            self._thread.start()
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(step, self._loop))

    def soon(self, step: Any, *arguments: Any) -> None:
        """Does something in the thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(step, *arguments)

    async def aclose(self) -> None:
        """Ends the thread, after all that it has to do."""
        if self._loop is None or self._thread is None:
            return
        await self.run(self._dropped())
        self._loop.call_soon_threadsafe(self._loop.stop)
        await asyncio.to_thread(self._thread.join)
        self._loop.close()
        self._loop = None

    async def _dropped(self) -> None:
        """Ends what is still open, such as a connection that was made when nobody waited for it any more."""
        await asyncio.sleep(0)
        for socket in tuple(self.sockets):
            socket.transport.abort()
        await asyncio.sleep(0)


class _Socket(asyncio.Protocol):
    """One connection, in the thread: keeps what came, and wakes up the loop that wants it."""

    def __init__(self, home: asyncio.AbstractEventLoop, open_: set[_Socket]) -> None:
        self._home, self._open = home, open_
        self.pieces: deque[tuple[float, bytes]] = deque()
        self.held = 0
        self.ended = False
        self.error: Exception | None = None
        self.waiter: asyncio.Future[None] | None = None
        self._writable = asyncio.Event()
        self._writable.set()
        self.sent = 0.0
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._open.add(self)
        transport.pause_reading()  # until we have spoken: what comes before may be for TLS

    def data_received(self, data: bytes) -> None:
        self.pieces.append((time.perf_counter(), data))
        self.held += len(data)
        if self.held > _HELD:
            self.transport.pause_reading()
        self._tell()

    def eof_received(self) -> bool:
        self.ended = True
        self._tell()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended, self.error = True, exc
        self._open.discard(self)
        self._writable.set()
        self._tell()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    async def write(self, data: bytes, first: bool) -> None:
        """Raises OSError where the connection is gone."""
        if self.error is not None or self.transport.is_closing():
            raise ConnectionResetError from self.error
        self.transport.write(data)
        self.taken(0)
        self.sent = time.perf_counter() if first else self.sent
        await self._writable.wait()

    def taken(self, size: int) -> None:
        """So many bytes are read."""
        self.held -= size
        if self.held <= _HELD and not self.transport.is_closing():
            self.transport.resume_reading()

    def _tell(self) -> None:
        with contextlib.suppress(RuntimeError):  # the loop that wanted it is closed
            self._home.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        if self.waiter is not None and not self.waiter.done():
            self.waiter.set_result(None)


# -- for httpcore -------------------------------------------------------------------------------


class _Backend(httpcore.AsyncNetworkBackend):
    def __init__(self, thread: _Thread) -> None:
        self._thread = thread

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 (`client` bounds every phase)
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        home = asyncio.get_running_loop()
        try:
            _, inner = await self._thread.run(_connect(lambda: _Socket(home, self._thread.sockets), host, port))
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from _with_number(error)
        return _Stream(self._thread, inner)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


async def _connect(make: Callable[[], _Socket], host: str, port: int) -> tuple[asyncio.BaseTransport, _Socket]:
    return await asyncio.get_running_loop().create_connection(make, host, port, happy_eyeballs_delay=0.25)


def _with_number(error: OSError) -> OSError:
    """asyncio joins the errors of several addresses to one without a number."""
    number = _ERRNO.search(str(error))
    return error if error.errno is not None or number is None else OSError(int(number[1]), str(error))


class _Stream(httpcore.AsyncNetworkStream):
    """One connection, on the loop of the run."""

    def __init__(self, thread: _Thread, inner: _Socket) -> None:
        self._thread, self._inner = thread, inner
        self._arrived = 0.0
        self._read_since = True  # whether an answer came after the last write

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        inner = self._inner
        while not inner.pieces and not inner.ended:
            inner.waiter = asyncio.get_running_loop().create_future()
            await inner.waiter
        self._read_since = True
        if inner.pieces:
            return self._next(max_bytes)
        if inner.error is not None:
            raise httpcore.ReadError(str(inner.error)) from inner.error
        return b""

    def _next(self, most: int) -> bytes:
        self._arrived, data = self._inner.pieces.popleft()
        if len(data) > most:
            self._inner.pieces.appendleft((self._arrived, data[most:]))
            data = data[:most]
        self._thread.soon(self._inner.taken, len(data))
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        if not buffer:
            return
        first, self._read_since = self._read_since, False
        try:
            await self._thread.run(self._inner.write(buffer, first))
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error

    async def aclose(self) -> None:
        self._thread.soon(self._inner.transport.close)

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        try:
            await self._thread.run(_secured(self._inner, ssl_context, server_hostname))
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        return self

    def get_extra_info(self, info: str) -> Any:
        if info == ARRIVED:
            return self._arrived
        if info == SENT:
            return self._inner.sent
        if info == "is_readable":  # of an idle connection: the server has closed it
            return bool(self._inner.pieces) or self._inner.ended
        return self._inner.transport.get_extra_info({"server_addr": "peername"}.get(info, info))


async def _secured(inner: _Socket, context: ssl.SSLContext, name: str | None) -> None:
    loop = asyncio.get_running_loop()
    try:
        made = await loop.start_tls(inner.transport, inner, context, server_hostname=name)
    finally:
        if inner.ended:
            inner.transport.abort()
    if made is None:
        raise ConnectionResetError("the connection ended during its set-up")
    inner.transport = made
