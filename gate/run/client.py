"""One prepared request → one `Exchange`: exact bytes, timed chunks, and how it ended. Sends with httpx.

Nothing that the remote does raises out of `send`: it is recorded. What can't be sent at all (a key that no header
may hold) is a `ConfigError`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, cast

import httpx

from gate.errors import ConfigError
from gate.model import Ending, Exchange, Headers, Limits, Request, Route, Timeouts
from gate.redact.kinds import BAD_KEY
from gate.run.outgoing import RAW_HEADERS, Prepared, build, redirected
from gate.run.tape import Tape

MAX_HOPS = 5
# Uvicorn and Node close idle connections after 5 s; reusing one in that very moment would look like a reset.
KEEPALIVE_SECONDS = 2.0
_WAITED = {"first_byte": "no byte of the answer", "between_chunks": "no further byte", "total": "not at its end"}


def open_client(route: Route) -> httpx.AsyncClient:
    """A client for one route, to be used with `async with`: no redirects or cookies of its own, proxies and CA
    from the environment. Raises ConfigError where these are unusable. Its caller bounds the concurrency."""
    try:
        return httpx.AsyncClient(
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            event_hooks={"response": [_hide_redirect]},
            follow_redirects=False,
            limits=httpx.Limits(
                max_connections=None,
                max_keepalive_connections=route.max_concurrency,
                keepalive_expiry=KEEPALIVE_SECONDS,
            ),
            timeout=httpx.Timeout(None),  # _Clock bounds every phase
        )
    except (ValueError, OSError, httpx.InvalidURL) as error:
        raise ConfigError(
            f"the proxy or CA settings of the environment can't be used: {error}",
            fix="check HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY, SSL_CERT_FILE and SSL_CERT_DIR",
        ) from error


async def _hide_redirect(response: httpx.Response) -> None:
    """httpx parses Location even when it does not follow, and throws the response away when that is no URL."""
    response.extensions[RAW_HEADERS] = response.headers.raw
    response.headers.pop("location", None)


# -- sending ------------------------------------------------------------------------------------


class _Clock:
    """The one alarm of an exchange: it rings at the bound of the phase or of the whole, whichever is first."""

    def __init__(self, alarm: asyncio.Timeout, timeouts: Timeouts, give_up_after: float | None) -> None:
        self.alarm, self.timeouts, self.give_up_after = alarm, timeouts, give_up_after
        self.now = asyncio.get_running_loop().time
        self.end = self.now() + min(timeouts.total, give_up_after or timeouts.total)
        self.bound: tuple[str, float] | None = None
        alarm.reschedule(self.end)

    def phase(self, name: str, seconds: float) -> None:
        at = self.now() + seconds
        self.bound = (name, seconds) if at < self.end else None
        self.alarm.reschedule(min(at, self.end))

    def verdict(self) -> tuple[Ending, str]:
        """What it means that the alarm rang."""
        if self.bound is None and self.give_up_after is not None and self.give_up_after <= self.timeouts.total:
            return Ending.CANCELLED, f"gave up after {self.give_up_after:g} s, as the scenario asks"
        name, seconds = self.bound or ("total", self.timeouts.total)
        if name == "connect":
            return Ending.UNREACHABLE, f"could not connect: no answer within {seconds:g} s (connect timeout)"
        return Ending.TIMEOUT, f"{name} timeout: {_WAITED[name]} within {seconds:g} s"


async def send(
    http: httpx.AsyncClient, prepared: Prepared, route: Route, limits: Limits, key: str | None = None
) -> Exchange:
    """Sends one request and records what comes, following at most 5 redirects.

    Times count from the moment when the request goes out on a ready connection. `first_byte_ms` is when the
    response's head was read, the first chunk when the body's first byte was. Raises only ConfigError.
    """
    request = build(http, prepared, route, key)
    tape = Tape(limits.max_body)
    ending, detail = await _guarded(http, request, prepared, route, tape, key)
    total_ms = round(tape.ms(time.perf_counter()), 3) if tape.sent is not None else None
    return Exchange(
        request=Request(prepared.method, str(request.url), _text(request.headers.raw), prepared.body),
        response=tape.response(),
        chunks=tape.chunks(),
        ending=ending,
        detail=detail,
        connect_ms=tape.connect_ms,
        first_byte_ms=tape.first_byte_ms,
        total_ms=total_ms,
        hops=tuple(tape.hops),
        scenario=prepared.scenario,
        step=prepared.step,
        sample=prepared.sample,
        attempt=prepared.attempt,
        body_size=tape.size if tape.digest else None,
        body_sha256=tape.digest.hexdigest() if tape.digest else None,
    )


async def _guarded(
    http: httpx.AsyncClient, request: httpx.Request, prepared: Prepared, route: Route, tape: Tape, key: str | None
) -> tuple[Ending, str]:
    """Turns everything that can go wrong on the way into an ending and words."""
    alarm = asyncio.timeout(None)
    try:
        async with alarm:
            clock = _Clock(alarm, route.timeouts, prepared.give_up_after)
            request.extensions["trace"] = _listener(tape, clock)
            response = await _answer(http, request, tape, frozenset(filter(None, (key, BAD_KEY))))
            return await _read(response, tape, clock, prepared.cancel_after_chunks)
    except httpx.LocalProtocolError as error:
        raise ConfigError("a header or key can't be sent over HTTP", where=f"routes.{route.name}") from error
    except (httpx.HTTPError, OSError) as error:  # TimeoutError is an OSError
        return clock.verdict() if alarm.expired() else tape.failed(error)


def _listener(tape: Tape, clock: _Clock) -> Callable[[str, dict[str, Any]], Awaitable[None]]:
    """httpcore tells what it does (https://www.encode.io/httpcore/extensions/#trace): a few calls per request."""
    started = 0.0

    async def listen(event: str, info: dict[str, Any]) -> None:
        nonlocal started
        now = time.perf_counter()
        if event.endswith(("connect_tcp.started", "start_tls.started")):
            started = now
            tape.peer = _peer(info) or tape.peer
            clock.phase("connect", clock.timeouts.connect)
        elif event.endswith(("connect_tcp.complete", "start_tls.complete")):
            tape.connect_ms = round((tape.connect_ms or 0.0) + (now - started) * 1000, 3)
        elif event.endswith("send_request_headers.started"):
            clock.phase("first_byte", clock.timeouts.first_byte)
        if event.endswith(("send_request_headers.started", "send_request_headers.complete")) and not tape.hops:
            tape.sent = now  # the last of these counts: a proxy's CONNECT comes before the request

    return listen


def _peer(info: dict[str, Any]) -> str:
    """The host and port of a connect_tcp event: a proxy's, where one is used."""
    return f"{info['host']}:{info['port']}" if "host" in info else ""


async def _answer(
    http: httpx.AsyncClient, request: httpx.Request, tape: Tape, secrets: frozenset[str]
) -> httpx.Response:
    """The response after all redirects that are followed. Bodies of hops are not read."""
    while True:
        response = await http.send(request, stream=True)
        hop = redirected(http, request, response, secrets) if len(tape.hops) < MAX_HOPS else None
        if hop is None:
            return response
        tape.hops.append(hop[0])
        await response.aclose()
        trace, request = request.extensions["trace"], hop[1]
        request.extensions["trace"] = trace


async def _read(response: httpx.Response, tape: Tape, clock: _Clock, cancel_after: int | None) -> tuple[Ending, str]:
    tape.first_byte_ms = round(tape.ms(time.perf_counter()), 3)
    tape.start(response, _text(response.extensions[RAW_HEADERS]))
    between = clock.timeouts.between_chunks
    try:
        async with aclosing(cast(AsyncGenerator[bytes, None], response.aiter_raw())) as chunks:
            async for data in chunks:
                tape.take(data)
                clock.phase("between_chunks", between)
                if tape.reads == cancel_after:
                    return Ending.CANCELLED, f"hung up after {cancel_after} chunks, as the scenario asks"
    finally:
        await response.aclose()
    return tape.finished()


def _text(raw: list[tuple[bytes, bytes]]) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in raw)
