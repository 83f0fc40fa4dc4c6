"""A server on one event loop: its connections, their bounds, and how it comes up and goes down."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from gate.errors import GateError
from gate.model import Exchange
from gate.replay.connection import Connection
from gate.replay.service import BASE_PATH, Responder

MAX_CONNECTIONS = 500
MAX_HELD = 256 * 1024 * 1024
"""Bytes of request bodies that all connections hold together."""

# Turns of the loop at the end: a connection that is being accepted joins two or three later, and ends after one more.
_TURNS = 6


class Server:
    """Serves a responder. Every exchange that has ended is given to `listeners`; `note` is called with words for a
    person about what was refused. All of them run on the loop and must be quick.
    """

    def __init__(
        self,
        responder: Responder,
        *listeners: Callable[[Exchange], None],
        note: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.responder, self.listeners, self._note = responder, list(listeners), note
        self._connections: dict[Connection, None] = {}
        self._held = self._under_way = 0

    async def run(self, listener: socket.socket, up: Callable[[], None], stopped: asyncio.Event) -> None:
        """Serves from `up` until `stopped`; then every connection is ended at once."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Connection(self), sock=listener, backlog=512)
        up()
        try:
            await stopped.wait()
        finally:
            # Not closed yet: a connection that is being accepted joins the server, and CPython asserts that it is open,
            # and else loses the socket (https://github.com/python/cpython/issues/109564).
            with contextlib.suppress(NotImplementedError):  # the loop of Windows has no readers
                loop.remove_reader(listener)
            for _ in range(_TURNS):
                for connection in list(self._connections):
                    connection.drop()
                await asyncio.sleep(0)  # connections end their exchanges
            server.close()

    @property
    def under_way(self) -> int:
        """Exchanges that have begun and not ended."""
        return self._under_way

    # -- what connections tell ------------------------------------------------------------------

    def joined(self, connection: Connection) -> None:
        """One more connection. Where there are too many, the one that has waited longest without a request goes."""
        self._connections[connection] = None
        if len(self._connections) > MAX_CONNECTIONS:
            idle = next((other for other in self._connections if not other.playing), connection)
            idle.drop()

    def parted(self, connection: Connection) -> None:
        """One less."""
        self._connections.pop(connection, None)

    def hold(self, size: int) -> bool:
        """Whether so many more bytes of a body may be kept."""
        if self._held + size > MAX_HELD:
            return False
        self._held += size
        return True

    def release(self, size: int) -> None:
        """So many bytes of a body are kept no longer."""
        self._held -= size

    def begun(self) -> None:
        """A request is complete; `done` will follow."""
        self._under_way += 1

    def done(self, exchange: Exchange) -> None:
        """An exchange has ended."""
        self._under_way -= 1
        for listener in self.listeners:
            listener(exchange)

    def refused(self, words: str) -> None:
        """Something came that is no request, or could not be answered."""
        self._note(words)


@contextlib.contextmanager
def serving(server: Server, port: int = 0, host: str = "127.0.0.1") -> Iterator[str]:
    """Runs a server in a thread for the time of the block; yields its base URL. GateError where the port is taken."""
    listener = listen(port, host)
    with serving_on(server, listener):
        yield base_url(listener)


@contextlib.contextmanager
def serving_on(server: Server, listener: socket.socket) -> Iterator[None]:
    """As `serving`, on a socket that listens already."""
    with in_thread("replay server", lambda up, stopped: server.run(listener, up, stopped)):
        yield


@contextlib.contextmanager
def in_thread(
    name: str, run: Callable[[Callable[[], None], asyncio.Event], Coroutine[Any, Any, None]]
) -> Iterator[None]:
    """Runs what serves on a loop of its own, from when it says that it is up until the block ends, which it is told by
    the event. GateError where it has ended before."""
    loop, up, stopped = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    errors: list[BaseException] = []

    def serve() -> None:
        try:
            loop.run_until_complete(run(up.set, stopped))
        except BaseException as error:
            errors.append(error)
        finally:
            up.set()
            loop.close()

    thread = threading.Thread(target=serve, name=name, daemon=True)
    thread.start()
    try:
        up.wait()
        yield
    finally:
        if not errors:
            loop.call_soon_threadsafe(stopped.set)
        thread.join()
    if errors:
        raise GateError(f"the {name} ended early: {type(errors[0]).__name__}") from errors[0]


def listen(port: int, host: str = "127.0.0.1") -> socket.socket:
    """A listening socket; port 0 takes a free one. GateError where it can't be had."""
    # asyncio switches Nagle's algorithm off only where the protocol is named; with it, chunks are 40 ms late
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(512)
    except (OSError, OverflowError) as error:
        listener.close()
        raise GateError(f"port {port} of {host} can't be used: {error}", fix="take another port") from error
    return listener


def base_url(listener: socket.socket) -> str:
    """Where the server of this socket is reached."""
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}{BASE_PATH.rstrip('/')}"
