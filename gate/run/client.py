"""One prepared request → one `Exchange`: exact bytes, timed chunks, and how it ended. Sends with httpx.

What the remote does never raises out of `send`, it is recorded. What can't be sent (a key that no header may hold)
raises ConfigError.
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
from gate.run.capture import Capture, Room
from gate.run.clocked import ARRIVED, SENT, Transport, direct
from gate.run.request import RAW_HEADERS, Prepared, build, redirected

# chosen: a slash, https and another host make three (T29); a loop must end.
MAX_HOPS = 5
# Uvicorn and Node close idle connections after 5 s; a request on one just then would look like a reset
KEEPALIVE_SECONDS = 2.0
# The phases after connecting, as the message of a time-out names them.
_WAITED = {"first_byte": "no byte of the answer", "between_chunks": "no further byte", "total": "not at its end"}


def open_client(route: Route) -> httpx.AsyncClient:
    """A client for one route, to be used with `async with`: it follows no redirects, stores no cookies, and takes
    proxies and CA from the environment. Raises ConfigError where these are unusable. The caller bounds concurrency."""
    try:
        return httpx.AsyncClient(
            # Through a proxy of the environment httpx's own, whose times are less true.
            transport=Transport(route.max_concurrency, KEEPALIVE_SECONDS) if direct(route.base_url) else None,
            # A session cookie would tie later scenarios to the state that an earlier one left at a gateway.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            event_hooks={"response": [_hide_redirect]},
            # `_answer` follows them itself: httpx keeps headers that a team added, such as `api-key`, on another host.
            follow_redirects=False,
            limits=httpx.Limits(
                # The runner bounds concurrency; a burst (`repeat`) must go out at once, whatever the pool thinks.
                max_connections=None,
                # One for each slot of the runner, so that few requests pay for a new TLS handshake.
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
    """httpx parses Location even when it does not follow it, and raises instead of returning where it is not a URL."""
    response.extensions[RAW_HEADERS] = response.headers.raw
    # The raw headers are kept beside it, so the cassette has the Location as it came.
    response.headers.pop("location", None)


# -- sending ------------------------------------------------------------------------------------


class _Clock:
    """The one timeout of an exchange: it expires at the end of the phase or of the whole, whichever is first."""

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
        """The ending and the words for an expired timeout."""
        if self.bound is None and self.give_up_after is not None and self.give_up_after <= self.timeouts.total:
            # Not the route's fault: the scenario wants to see what happens when a client leaves (LA06).
            return Ending.CANCELLED, f"gave up after {self.give_up_after:g} s, as the scenario asks"
        name, seconds = self.bound or ("total", self.timeouts.total)
        if name == "connect":
            return Ending.UNREACHABLE, f"could not connect: no answer within {seconds:g} s (connect timeout)"
        return Ending.TIMEOUT, f"{name} timeout: {_WAITED[name]} within {seconds:g} s"


async def send(
    http: httpx.AsyncClient,
    prepared: Prepared,
    route: Route,
    limits: Limits,
    key: str | None = None,
    room: Room | None = None,
) -> Exchange:
    """Sends one request and records the answer, following at most 5 redirects.

    Times count from the moment when the request goes out on a ready connection. `first_byte_ms` is when the
    response's head was read, the first chunk when the body's first byte was. Raises only ConfigError.
    """
    request = build(http, prepared, route, key)
    capture = Capture(limits.max_body, room)
    ending, detail = await _guarded(http, request, prepared, route, capture, key)
    total_ms = round(capture.ms(time.perf_counter()), 3) if capture.sent is not None else None
    return Exchange(
        request=Request(prepared.method, str(request.url), _text(request.headers.raw), prepared.body),
        response=capture.response(),
        chunks=capture.chunks(),
        ending=ending,
        detail=detail,
        connect_ms=capture.connect_ms,
        first_byte_ms=capture.first_byte_ms,
        total_ms=total_ms,
        hops=tuple(capture.hops),
        scenario=prepared.scenario,
        step=prepared.step,
        sample=prepared.sample,
        attempt=prepared.attempt,
        body_size=capture.size if capture.digest else None,
        body_sha256=capture.digest.hexdigest() if capture.digest else None,
    )


async def _guarded(
    http: httpx.AsyncClient, request: httpx.Request, prepared: Prepared, route: Route, capture: Capture, key: str | None
) -> tuple[Ending, str]:
    """(ending, detail) of the exchange, whatever goes wrong. Raises only ConfigError."""
    alarm = asyncio.timeout(None)
    try:
        async with alarm:
            clock = _Clock(alarm, route.timeouts, prepared.give_up_after)
            request.extensions["trace"] = _listener(capture, clock)
            response = await _answer(http, request, capture, frozenset(filter(None, (key, BAD_KEY))))
            return await _read(response, capture, clock, prepared.cancel_after_chunks)
    # h11 refuses what we would send. Its message holds the header's value, which may be the key, so it is not shown.
    except httpx.LocalProtocolError as error:
        raise ConfigError("a header or key can't be sent over HTTP", where=f"routes.{route.name}") from error
    except (httpx.HTTPError, OSError) as error:  # TimeoutError is an OSError
        return clock.verdict() if alarm.expired() else capture.failed(error)


def _listener(capture: Capture, clock: _Clock) -> Callable[[str, dict[str, Any]], Awaitable[None]]:
    """The trace function that httpcore calls a few times per request: https://www.encode.io/httpcore/extensions/#trace"""
    started = 0.0

    async def listen(event: str, info: dict[str, Any]) -> None:
        nonlocal started
        now = time.perf_counter()
        # Through a proxy both events come twice; a TLS handshake counts as connecting.
        if event.endswith(("connect_tcp.started", "start_tls.started")):
            started = now
            capture.peer = _peer(info) or capture.peer
            clock.phase("connect", clock.timeouts.connect)
        elif event.endswith(("connect_tcp.complete", "start_tls.complete")):
            # TCP and TLS together, because that is what a user waits for.
            capture.connect_ms = round((capture.connect_ms or 0.0) + (now - started) * 1000, 3)
        elif event.endswith("send_request_headers.started"):
            clock.phase("first_byte", clock.timeouts.first_byte)
        if event.endswith(("send_request_headers.started", "send_request_headers.complete")) and not capture.hops:
            capture.sent = now  # overwritten by the last: a proxy's CONNECT comes before the request

    return listen


def _peer(info: dict[str, Any]) -> str:
    """`host:port` of a connect_tcp event, a proxy's where one is used."""
    return f"{info['host']}:{info['port']}" if "host" in info else ""


async def _answer(
    http: httpx.AsyncClient, request: httpx.Request, capture: Capture, secrets: frozenset[str]
) -> httpx.Response:
    """The response after all redirects; their bodies are not read."""
    while True:
        response = await http.send(request, stream=True)
        hop = redirected(http, request, response, secrets) if len(capture.hops) < MAX_HOPS else None
        if hop is None:
            return response
        capture.hops.append(hop[0])
        # Unread: the body of a redirect says nothing to a client, and may be endless.
        await response.aclose()
        trace, request = request.extensions["trace"], hop[1]
        request.extensions["trace"] = trace


async def _read(
    response: httpx.Response, capture: Capture, clock: _Clock, cancel_after: int | None
) -> tuple[Ending, str]:
    stream = response.extensions.get("network_stream")
    if not capture.hops:
        capture.sent = _told(stream, SENT) or capture.sent
    capture.first_byte_ms = round(capture.ms(_told(stream, ARRIVED) or time.perf_counter()), 3)
    # As they came: order, case and duplicates are lost in a mapping.
    capture.start(response, _text(response.extensions[RAW_HEADERS]))
    between = clock.timeouts.between_chunks
    try:
        # Raw, not decoded: T24 and T25 are only visible in the bytes as they came.
        async with aclosing(cast(AsyncGenerator[bytes, None], response.aiter_raw())) as chunks:
            async for data in chunks:
                capture.take(data, _told(stream, ARRIVED) or time.perf_counter())
                clock.phase("between_chunks", between)
                if capture.reads == cancel_after:
                    return Ending.CANCELLED, f"hung up after {cancel_after} chunks, as the scenario asks"
    finally:
        await response.aclose()
    return capture.finished()


def _told(stream: Any, what: str) -> float | None:
    """What a connection of ours says of its times; None of any other."""
    value: float | None = stream.get_extra_info(what) if stream is not None else None
    return value


def _text(raw: list[tuple[bytes, bytes]]) -> Headers:
    # latin-1 keeps every byte; RFC 9110, 5.5 says that bytes above ASCII are opaque.
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in raw)
