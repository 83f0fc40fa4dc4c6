"""One prepared request → one `Exchange`: exact bytes, timed chunks, and how it ended. Sends with httpx.

Nothing that the remote does raises out of `send`: it is recorded. What can't be sent at all (a key that no header
may hold) is a `ConfigError`.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Literal, cast
from urllib.parse import urlsplit

import httpx

from gate import __version__
from gate.errors import ConfigError
from gate.model import Ending, Exchange, Headers, Hop, Limits, Request, Route, Timeouts
from gate.tape import Tape

BAD_KEY = "sk-bad-0000"
MAX_HOPS = 5
# Uvicorn and Node close idle connections after 5 s; reusing one in that very moment would look like a reset.
KEEPALIVE_SECONDS = 2.0
_WAITED = {"first_byte": "no byte of the answer", "between_chunks": "no further byte", "total": "not at its end"}
# All that another host may see of us when it is redirected to (T29): nothing that a route or a step added.
_NEUTRAL = frozenset({"accept", "accept-encoding", "content-type", "user-agent", "x-request-id"})


@dataclass(frozen=True, slots=True)
class Prepared:
    """One request, ready to send: its path below base_url, its exact bytes, and whose it is."""

    method: str
    path: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    key: Literal["route", "bad", "none"] = "route"
    request_id: str = ""
    scenario: str = ""
    step: int = 0
    sample: int = 0
    attempt: int = 0
    cancel_after_chunks: int | None = None
    give_up_after: float | None = None  # seconds


def api_key(route: Route) -> str | None:
    """The route's key from its variable, None where it has none. Raises ConfigError naming the unset variable."""
    if route.api_key_env is None or route.auth.kind == "none":
        return None
    value = os.environ.get(route.api_key_env, "").strip()
    if not value:
        raise ConfigError(
            f"the environment variable {route.api_key_env} is not set",
            where=f"routes.{route.name}.api_key_env",
            fix=f"export {route.api_key_env}=… (in CI: a secret), or leave api_key_env out for a route without a key",
        )
    return value


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
    response.extensions["gate.headers"] = response.headers.raw
    response.headers.pop("location", None)


# -- what is sent -------------------------------------------------------------------------------


def build(http: httpx.AsyncClient, prepared: Prepared, route: Route, key: str | None) -> httpx.Request:
    """The request as it goes out. Raises ConfigError where a header can't be sent; never shows the key."""
    headers = {
        "accept": "application/json",  # as the official SDKs, for streams too
        "accept-encoding": "identity",
        **({"content-type": "application/json"} if prepared.body is not None else {}),
        "user-agent": f"swapgate/{__version__}",
        "x-request-id": prepared.request_id,
        **_lower(route.headers),
        **_lower(prepared.headers),
    }
    query = dict(route.query)
    _authorize(headers, query, prepared, route, key)
    try:
        _ = urlsplit(route.base_url).port  # httpx lets ports beyond 65535 through, and then raises OverflowError
        url = endpoint_url(route.base_url, prepared.path).copy_merge_params(query)
        return http.build_request(prepared.method, url, headers=headers, content=prepared.body)
    except (ValueError, httpx.InvalidURL) as error:  # UnicodeEncodeError is a ValueError; its text holds the value
        where = f"routes.{route.name}"
        raise ConfigError("a URL, header or key of this route can't be sent over HTTP", where=where) from error


def endpoint_url(base_url: str, path: str) -> httpx.URL:
    """Base and path joined with one slash; queries of both stay."""
    base = httpx.URL(base_url.strip())
    below, _, query = path.partition("?")
    joined = base.copy_with(path=base.path.rstrip("/") + "/" + below.lstrip("/"))
    return joined.copy_merge_params(httpx.QueryParams(query)) if query else joined


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _authorize(
    headers: dict[str, str], query: dict[str, str], prepared: Prepared, route: Route, key: str | None
) -> None:
    value = {"route": key, "bad": BAD_KEY, "none": None}[prepared.key]
    if value is None:
        if prepared.key == "none":
            headers.pop("authorization", None)
    elif route.auth.kind == "header":
        headers[route.auth.name.lower()] = value
    elif route.auth.kind == "query":
        query[route.auth.name] = value
    else:
        headers["authorization"] = f"Bearer {value}"


# -- redirects ----------------------------------------------------------------------------------


def _redirected(
    http: httpx.AsyncClient, request: httpx.Request, response: httpx.Response, secrets: frozenset[str]
) -> tuple[Hop, httpx.Request] | None:
    """The hop and the next request, built as the official SDKs do; None where this is no redirect to follow."""
    locations = [value for name, value in response.extensions["gate.headers"] if name.lower() == b"location"]
    if response.status_code not in (301, 302, 303, 307, 308) or not locations:
        return None
    location = locations[0].decode("latin-1")
    try:
        _ = urlsplit(location).port  # stricter than httpx with brackets and ports
        url = request.url.join(location)
    except (httpx.InvalidURL, ValueError):
        return None
    if url.scheme not in ("http", "https") or not url.host:
        return None
    return Hop(response.status_code, location), _next_request(http, request, url, response.status_code, secrets)


def _next_request(
    http: httpx.AsyncClient, request: httpx.Request, url: httpx.URL, status: int, secrets: frozenset[str]
) -> httpx.Request:
    headers = {n: v for n, v in request.headers.items() if n not in ("host", "content-length")}
    method, content = request.method, request.content
    if (status == 303 and method != "HEAD") or (status in (301, 302) and method == "POST"):
        method, content = "GET", b""
    if _origin(url) != _origin(request.url):
        headers = {name: value for name, value in headers.items() if name in _NEUTRAL}
        # hosts like to repeat the query of the original URL, and the key may stand in it
        kept = [(name, value) for name, value in url.params.multi_items() if value not in secrets]
        url = url.copy_with(params=kept) if len(kept) < len(url.params.multi_items()) else url
    return http.build_request(method, url, headers=headers, content=content or None)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}.get(url.scheme)


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
            # a proxy's CONNECT comes first and does not count; after a hop the first request's time stays
            tape.sent = tape.sent if tape.hops else now
            clock.phase("first_byte", clock.timeouts.first_byte)

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
        hop = _redirected(http, request, response, secrets) if len(tape.hops) < MAX_HOPS else None
        if hop is None:
            return response
        tape.hops.append(hop[0])
        await response.aclose()
        trace, request = request.extensions["trace"], hop[1]
        request.extensions["trace"] = trace


async def _read(response: httpx.Response, tape: Tape, clock: _Clock, cancel_after: int | None) -> tuple[Ending, str]:
    tape.first_byte_ms = round(tape.ms(time.perf_counter()), 3)
    tape.start(response, _text(response.extensions["gate.headers"]))
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
