"""Requests as they go out, read by a real server: headers, keys, URLs, and what follows a redirect."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from gate.errors import ConfigError
from gate.model import Auth, Ending, Exchange, Limits, Route
from gate.redact.kinds import BAD_KEY
from gate.run.client import open_client, send
from gate.run.request import Prepared, endpoint_url
from tests.loopback import CHAT, Call, Handler, Loopback, ask, ok, serve


@pytest.mark.parametrize(
    ("auth", "key", "prepared", "headers", "query"),
    [
        (Auth(), "sk-1", "route", {"authorization": "Bearer sk-1"}, ""),
        (Auth("header", "api-key"), "sk-1", "route", {"api-key": "sk-1"}, ""),
        (Auth("query", "key"), "sk-1", "route", {}, "key=sk-1"),
        (Auth("none"), None, "route", {}, ""),
        (Auth(), "sk-1", "bad", {"authorization": f"Bearer {BAD_KEY}"}, ""),
        (Auth("header", "api-key"), "sk-1", "bad", {"api-key": BAD_KEY}, ""),
        (Auth("query", "key"), "sk-1", "bad", {}, f"key={BAD_KEY}"),
        (Auth(), "sk-1", "none", {}, ""),
        (Auth("header", "api-key"), "sk-1", "none", {}, ""),
        (Auth("query", "key"), "sk-1", "none", {}, ""),
    ],
)
def test_auth_as_routes_really_have_it(
    auth: Auth, key: str | None, prepared: Any, headers: Mapping[str, str], query: str
) -> None:
    step = Prepared("POST", "chat/completions", b"{}", key=prepared)
    _, server = ask(ok, step, key=key, auth=auth, query={"api-version": "2024-10-21"}, headers={"X-Team": "search"})
    call = server.calls[0]
    assert {n: v for n, v in call.headers.items() if n in ("authorization", "api-key")} == headers
    assert call.target == "/v1/chat/completions?" + "&".join(filter(None, ("api-version=2024-10-21", query)))
    assert call.headers["x-team"] == "search"


def test_get_has_no_body_and_no_content_type() -> None:
    exchange, server = ask(ok, Prepared("GET", "models"))
    assert exchange.request.body is None
    assert not {"content-type", "content-length"} & server.calls[0].headers.keys()


@pytest.mark.parametrize("key", ["sk-\n1", "sk-ключ", "sk-\x00"])
def test_a_key_that_no_header_may_hold_is_our_error_and_not_shown(key: str) -> None:
    with pytest.raises(ConfigError) as caught:
        ask(ok, key=key)
    assert key not in str(caught.value)


@pytest.mark.parametrize(
    ("base", "path", "url"),
    [
        ("http://h/v1", "models", "http://h/v1/models"),
        ("http://h/v1/", "/models", "http://h/v1/models"),
        ("http://h", "models", "http://h/models"),
        ("http://h/v1?api-version=1", "models?limit=2", "http://h/v1/models?api-version=1&limit=2"),
        ("http://h/openai/deployments/my%20model", "models", "http://h/openai/deployments/my%20model/models"),
    ],
)
def test_urls_join_with_one_slash(base: str, path: str, url: str) -> None:
    assert str(endpoint_url(base, path)) == url


# -- redirects ----------------------------------------------------------------------------------


def redirect(status: int, to: Callable[[Call], str]) -> Handler:
    async def handler(call: Call) -> None:
        if call.path.startswith("/v1"):
            await call.json(status, {}, {"location": to(call)})
        else:
            await ok(call)

    return handler


@pytest.mark.parametrize(
    ("status", "method", "body"),
    [(301, "GET", b""), (302, "GET", b""), (303, "GET", b""), (307, "POST", CHAT.body), (308, "POST", CHAT.body)],
)
def test_redirects_on_the_same_host_keep_credentials(status: int, method: str, body: bytes) -> None:
    exchange, server = ask(redirect(status, lambda call: "/moved"), headers={"x-team": "search"})
    first, second = server.calls
    assert [(h.status, h.location) for h in exchange.hops] == [(status, "/moved")]
    assert (second.method, second.body) == (method, body)
    assert second.headers["authorization"] == "Bearer sk-real"
    assert second.headers["x-team"] == "search"
    assert exchange.response is not None
    assert exchange.response.status == 200
    assert exchange.request.url.endswith("/v1/chat/completions")
    assert first.headers["x-request-id"] == second.headers["x-request-id"]


@pytest.mark.parametrize("auth", [Auth(), Auth("header", "api-key"), Auth("query", "key")])
def test_credentials_never_follow_to_another_port(auth: Auth) -> None:
    async def main() -> tuple[Exchange, Loopback]:
        async with serve(ok) as other:
            handler = redirect(307, lambda call: other.origin + call.target.replace("/v1", ""))
            async with serve(handler) as server:
                route = Route("candidate", server.base, headers={"x-team-secret": "t"}, auth=auth, query={"v": "1"})
                step = Prepared("POST", "chat/completions", b"{}", {"x-step": "s"}, request_id="r-1")
                async with open_client(route) as http:
                    return await send(http, step, route, Limits(), "sk-real"), other

    exchange, other = asyncio.run(main())
    (call,) = other.calls
    seen = f"{call.target} {call.headers}"
    assert exchange.response is not None
    assert exchange.response.status == 200
    assert call.body == b"{}"
    assert "sk-real" not in seen
    assert not {"authorization", "api-key", "x-team-secret", "x-step", "cookie"} & call.headers.keys()
    assert call.target.startswith("/chat/completions?v=1")
    assert call.headers["x-request-id"] == "r-1"


@pytest.mark.parametrize("location", ["http://[bad", "ftp://x/", "javascript:1", "http://x:99999/"])
def test_a_location_that_is_no_address_ends_there(location: str) -> None:
    exchange, _ = ask(redirect(307, lambda call: location))
    assert exchange.ending is Ending.COMPLETE
    assert exchange.response is not None
    assert exchange.response.status == 307
    assert ("location", location) in exchange.response.headers
    assert exchange.hops == ()


def test_a_loop_of_redirects_ends_after_five_hops() -> None:
    exchange, server = ask(redirect(308, lambda call: "/v1/again"))
    assert len(exchange.hops) == 5
    assert len(server.calls) == 6
    assert exchange.response is not None
    assert exchange.response.status == 308


def test_a_redirect_to_a_dead_host_is_unreachable_with_its_hop() -> None:
    exchange, _ = ask(redirect(307, lambda call: "http://127.0.0.1:9/x"))
    assert (exchange.ending, exchange.response, len(exchange.hops)) == (Ending.UNREACHABLE, None, 1)
    assert exchange.detail.endswith("connection refused (127.0.0.1:9)")
