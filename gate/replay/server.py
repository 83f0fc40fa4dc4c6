"""A server over recorded exchanges, on loopback."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import count
from random import Random
from typing import Literal

import uvicorn
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from gate.errors import GateError
from gate.model import Ending, Exchange, Request, Response
from gate.replay.match import Recordings
from gate.replay.play import Player
from gate.replay.vary import vary as another_recording

Fault = Literal["ok", "502html", "reset", "cut", "hang"]
"""What a script can replace a recorded answer with; `ok` leaves it."""

BASE_PATH = "/v1/"
# The key of the scope under which `serve` puts a function that ends the connection, which ASGI can't express.
_HANG_UP = "gate.hang_up"
# The page that nginx sends, as many routes answer while their upstream restarts.
_BAD_GATEWAY = Response(
    502,
    headers=(("content-type", "text/html"),),
    body=b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    b"<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
)


class Replay:
    """An ASGI app that answers each request with the matching recording, 404 `no_recording` without one.

    `speed` divides the recorded times: 1.0 plays as recorded, 2.0 twice as fast, 0 without waiting. `vary` is a
    seed: answers are then varied like further recordings of the same route (`vary.py`). `mutate` is applied to each
    exchange before it is played. `faults` lists, per scenario, what happens to its next answers, one entry for each.
    """

    def __init__(
        self,
        exchanges: Sequence[Exchange],
        *,
        speed: float = 1.0,
        vary: int | None = None,
        mutate: Callable[[Exchange], Exchange] | None = None,
        faults: Mapping[str, Sequence[Fault]] | None = None,
    ) -> None:
        self._recordings = Recordings(exchanges)
        self._speed = speed
        self._vary = vary
        self._mutate = mutate
        self._faults = {scenario: list(script) for scenario, script in (faults or {}).items()}
        self._answered = count()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        arrived = asyncio.get_running_loop().time()
        http = HttpRequest(scope, receive)
        try:
            body = await http.body()
        except ClientDisconnect:
            return
        exchange = self.answer(Request(http.method, str(http.url), tuple(http.headers.items()), body or None))
        if exchange is None:
            await _no_recording(http.method, http.url.path)(scope, receive, send)
        else:
            await Player(exchange, arrived, self._speed, scope[_HANG_UP]).play(receive, send)

    def answer(self, request: Request) -> Exchange | None:
        """The exchange to play for this request, None without a recording. Samples take turns."""
        exchange = self._recordings.find(request, BASE_PATH)
        if exchange is None:
            return None
        if self._vary is not None:
            rng = Random(f"{self._vary} {next(self._answered)}")  # noqa: S311 (not used for secrets)
            exchange = another_recording(exchange, rng)
        if self._mutate is not None:
            exchange = self._mutate(exchange)
        script = self._faults.get(exchange.scenario)
        return _faulty(exchange, script.pop(0)) if script else exchange


def _no_recording(method: str, path: str) -> JSONResponse:
    message = f"no recording of {method} {path} with such a body and key"
    error = {"message": message, "type": "no_recording", "param": None, "code": None}
    return JSONResponse({"error": error}, status_code=404)


def _faulty(exchange: Exchange, fault: Fault) -> Exchange:
    match fault:
        case "502html":
            return replace(exchange, response=_BAD_GATEWAY, chunks=(), ending=Ending.COMPLETE)
        case "reset":
            return replace(exchange, response=None, ending=Ending.RESET)
        case "hang":
            return replace(exchange, response=None, ending=Ending.TIMEOUT)
        case "cut" if exchange.response is not None:
            half = exchange.response.body[: len(exchange.response.body) // 2]
            return replace(exchange, response=replace(exchange.response, body=half), ending=Ending.CUT)
        case _:
            return exchange


# -- serving ------------------------------------------------------------------------------------


class _Server(uvicorn.Server):
    """A server that sets `up` when it listens or failed to, and closes connections when it shuts down."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = threading.Event()
        self.over = asyncio.Event()

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            super().run(sockets)
        finally:
            self.up.set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.loop = asyncio.get_running_loop()
        self.up.set()

    async def main_loop(self) -> None:
        await self.over.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for listener in (*self.servers, *(sockets or ())):
            listener.close()
        # At once: uvicorn's own shutdown waits for clients that hang on purpose.
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        # the end of the loop cancels what still runs

    def stop(self) -> None:
        """To be called from another thread."""
        self.loop.call_soon_threadsafe(self.over.set)

    def hang_up(self, client: object, reset: bool) -> None:
        for connection in list(self.server_state.connections):
            if connection.transport.get_extra_info("peername") != client:
                continue
            if reset:
                # closing with SO_LINGER 0 sends a reset
                linger = struct.pack("ii", 1, 0)
                peer = connection.transport.get_extra_info("socket")
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                connection.transport.abort()
            else:
                connection.transport.close()


@contextmanager
def serve(app: ASGIApp, port: int = 0) -> Iterator[str]:
    """Runs an ASGI app on loopback, in a thread, for the time of the block; yields its base URL.

    Port 0 takes a free one. Raises GateError where the port can't be used.
    """

    async def connected(scope: Scope, receive: Receive, send: Send) -> None:
        scope[_HANG_UP] = partial(server.hang_up, scope.get("client"))
        await app(scope, receive, send)

    config = uvicorn.Config(
        connected,
        http="h11",
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        # The recording has these two, and a second one would be drift.
        server_header=False,
        date_header=False,
    )
    server = _Server(config)
    listener = _listen(port)
    base_url = f"http://127.0.0.1:{listener.getsockname()[1]}{BASE_PATH.rstrip('/')}"
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="replay", daemon=True)
    thread.start()
    try:
        server.up.wait()
        if not server.started:
            raise GateError(f"no server came up on {base_url}")
        yield base_url
    finally:
        if server.started:
            server.stop()
        thread.join()


def _listen(port: int) -> socket.socket:
    # asyncio disables Nagle's algorithm only where the protocol is given; with it, chunks come up to 40 ms late
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # A test that ends and starts again must not wait for TIME_WAIT.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(512)
    except (OSError, OverflowError) as error:
        listener.close()
        raise GateError(f"port {port} of 127.0.0.1 can't be used: {error}", fix="take another port") from error
    return listener
