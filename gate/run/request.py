"""Building requests: base_url and path, headers, the route's key; and the next request after a redirect.

Credentials never go to another host: after a redirect to another host, scheme or port only neutral headers are sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

import httpx

from gate import __version__
from gate.errors import ConfigError
from gate.model import Hop, Route
from gate.redact.kinds import BAD_KEY

RAW_HEADERS = "gate.wire.headers"
"""The extension of a response that holds its raw headers (httpx would parse Location)."""

# The only headers that are sent to another host after a redirect (T29): none that a route or a step added.
_NEUTRAL = frozenset({"accept", "accept-encoding", "content-type", "user-agent", "x-request-id"})


@dataclass(frozen=True, slots=True)
class Prepared:
    """One request, ready to send: its path below base_url, its exact bytes, and which attempt it is."""

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


# -- what is sent -------------------------------------------------------------------------------


def build(http: httpx.AsyncClient, prepared: Prepared, route: Route, key: str | None) -> httpx.Request:
    """The request for httpx. Raises ConfigError, without the key in its text, where it can't be sent over HTTP."""
    headers = {
        "accept": "application/json",  # as the official SDKs, for streams too
        # Compressed, chunk sizes and arrival times would say nothing about events (T25).
        "accept-encoding": "identity",
        **({"content-type": "application/json"} if prepared.body is not None else {}),
        "user-agent": f"swapgate/{__version__}",
        "x-request-id": prepared.request_id,
        # A team's headers win over ours, a scenario's over the team's.
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
            # The scenario wants no key at all; one from the route's `headers` must not slip in.
            headers.pop("authorization", None)
    elif route.auth.kind == "header":
        headers[route.auth.name.lower()] = value
    elif route.auth.kind == "query":
        query[route.auth.name] = value
    else:
        headers["authorization"] = f"Bearer {value}"


# -- redirects ----------------------------------------------------------------------------------


def redirected(
    http: httpx.AsyncClient, request: httpx.Request, response: httpx.Response, secrets: frozenset[str]
) -> tuple[Hop, httpx.Request] | None:
    """(the hop, the next request), built as the official SDKs do; None where this is no redirect to follow, such as a
    Location that is not http or https. `secrets` are values that no query may carry to another host."""
    locations = [value for name, value in response.extensions[RAW_HEADERS] if name.lower() == b"location"]
    # RFC 9110, 15.4: the other 3xx name no single target.
    if response.status_code not in (301, 302, 303, 307, 308) or not locations:
        return None
    location = locations[0].decode("latin-1")
    try:
        _ = urlsplit(location).port  # stricter than httpx with brackets and ports
        url = request.url.join(location)
    except (httpx.InvalidURL, ValueError):
        return None
    # `file:` or `javascript:` from a hostile route must lead nowhere.
    if url.scheme not in ("http", "https") or not url.host:
        return None
    return Hop(response.status_code, location), _next_request(http, request, url, response.status_code, secrets)


def _next_request(
    http: httpx.AsyncClient, request: httpx.Request, url: httpx.URL, status: int, secrets: frozenset[str]
) -> httpx.Request:
    # Both belong to the old URL and body; httpx sets them anew.
    headers = {n: v for n, v in request.headers.items() if n not in ("host", "content-length")}
    method, content = request.method, request.content
    # RFC 9110, 15.4.2 to 15.4.4, and what browsers and httpx do: a POST becomes a GET and loses its body (T29).
    if (status == 303 and method != "HEAD") or (status in (301, 302) and method == "POST"):
        method, content = "GET", b""
    # A hostile or misconfigured route could otherwise send the key to any host by a redirect.
    if _origin(url) != _origin(request.url):
        headers = {name: value for name, value in headers.items() if name in _NEUTRAL}
        # some hosts repeat the query of the original URL, which may hold the key
        query = [(name, value) for name, value in url.params.multi_items() if value not in secrets]
        url = url.copy_with(params=query) if len(query) < len(url.params.multi_items()) else url
    return http.build_request(method, url, headers=headers, content=content or None)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}.get(url.scheme)
