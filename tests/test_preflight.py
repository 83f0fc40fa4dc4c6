"""base_url mistakes: what the text alone shows, and what the route answers."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from itertools import count
from pathlib import Path

import pytest

from gate.errors import ConfigError, GateError, RouteError
from gate.model import Limits, Route
from gate.run.preflight import check_base_url, preflight
from tests.loopback import Call, Handler, Loopback, serve
from tests.test_clocked import certificate  # noqa: F401 (a fixture)

AZURE = (
    "use https://r.openai.azure.com/openai/v1, "
    "or /openai/deployments/NAME with `query: {api-version: …}` and `auth: {header: api-key}`"
)


@pytest.mark.parametrize(
    ("url", "what", "fix"),
    [
        ("", "is empty", "write it like https://api.openai.com/v1"),
        ("https://h/v1/v1", "has /v1 twice", "use https://h/v1"),
        ("https://h/api/v1/v1/", "has /v1 twice", "use https://h/api/v1"),
        ("https://h/v1/chat/completions", "is a full endpoint, not a base (chat/completions)", "use https://h/v1"),
        ("https://h/v1/chat/completions/", "is a full endpoint, not a base (chat/completions)", "use https://h/v1"),
        ("https://h/chat/completions", "is a full endpoint, not a base (chat/completions)", "use https://h"),
        ("https://h/v1/embeddings", "is a full endpoint, not a base (embeddings)", "use https://h/v1"),
        ("https://h/v1/responses", "is a full endpoint, not a base (responses)", "use https://h/v1"),
        ("api.example.com/v1", "has no scheme", "use https://api.example.com/v1"),
        ("localhost:8000/v1", "has no scheme", "use http://localhost:8000/v1"),
        ("127.0.0.1:8000/v1", "has no scheme", "use http://127.0.0.1:8000/v1"),
        ("https://h/v 1", "contains white space", "remove it"),
        ("${CANDIDATE_BASE_URL}", "contains ${CANDIDATE_BASE_URL}, which was not replaced",
         "set the environment variable CANDIDATE_BASE_URL"),
        ("https://$HOST/v1", "contains $HOST, which was not replaced", "set the environment variable HOST"),
        ("ftp://h/v1", "is not an http:// or https:// URL with a host", "write it like https://api.openai.com/v1"),
        ("https:///v1", "is not an http:// or https:// URL with a host", "write it like https://api.openai.com/v1"),
        ("https://u:p@h/v1", "contains a user or password", "name a variable in api_key_env instead"),
        ("https://u:p@h/v1/chat/completions", "base_url https://h/v1/chat/completions contains a user or password",
         "name a variable in api_key_env instead"),
        ("u:p@h/v1", "base_url a URL without a scheme has no scheme", "use https://h/v1"),
        ("https://h:99999/v1", "is not a valid URL", "write it like https://api.openai.com/v1"),
        ("https://h/v1?api-version=2024-10-21", "must not hold a query: use `query:`",
         "write `query: {api-version: 2024-10-21}` beside base_url, and take it out of the URL"),
        ("https://h/v1?key=sk-1#x", "base_url https://h/v1 must not hold a query: use `query:`",
         "write `query: {NAME: value}` beside base_url, with ${VARIABLE} for a key, and take it out of the URL"),
        ("https://h/v1/chat/completions?api-version=2024-10-21", "must not hold a query: use `query:`",
         "write `query: {api-version: 2024-10-21}` beside base_url, and take it out of the URL"),
        ("https://r.openai.azure.com", "is an Azure host without the path of its API", AZURE),
        ("https://r.openai.azure.com/openai/", "is an Azure host without the path of its API", AZURE),
        ("https://r.openai.azure.com/v1", "is an Azure host without the path of its API", AZURE),
        ("https://r.services.ai.azure.com", "is an Azure host without the path of its API",
         AZURE.replace(".openai.", ".services.ai.")),
        ("https://r.openai.azure.com/openai/deployments/gpt-4o", "is a deployment on Azure without `api-version`",
         ("write `query: {api-version: 2024-10-21}` beside it, or the version that your code names; "
         "https://r.openai.azure.com/openai/v1 needs none")),
        ("https://[h/v1", "is not a valid URL", "write it like https://api.openai.com/v1"),
    ],
)  # fmt: skip
def test_mistakes_in_the_text(url: str, what: str, fix: str) -> None:
    with pytest.raises(ConfigError) as caught:
        check_base_url(Route("candidate", url))
    assert caught.value.what.endswith(what)
    assert (caught.value.fix, caught.value.where) == (fix, "routes.candidate.base_url")
    assert "\n" not in caught.value.what


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("https://api.openai.com/v1", "https://api.openai.com/v1"),
        (" https://api.openai.com/v1/ ", "https://api.openai.com/v1"),
        ("https://h//", "https://h"),
        ("https://h.openai.azure.com/openai/v1/", "https://h.openai.azure.com/openai/v1"),
        ("https://h.services.ai.azure.com/models", "https://h.services.ai.azure.com/models"),
        ("https://azure.example.com/openai", "https://azure.example.com/openai"),
        ("https://generativelanguage.googleapis.com/v1beta/openai", "https://generativelanguage.googleapis.com/v1beta/openai"),
        ("https://api-inference.huggingface.co/models", "https://api-inference.huggingface.co/models"),
        ("http://localhost:8000/v1", "http://localhost:8000/v1"),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1"),
    ],
)  # fmt: skip
def test_right_ones_are_left_alone(url: str, normal: str) -> None:
    route, warnings = check_base_url(Route("candidate", url, "KEY"))
    assert (route.base_url, warnings) == (normal, ())


def test_a_deployment_on_azure_with_its_version_is_left_alone() -> None:
    url = "https://h.openai.azure.com/openai/deployments/gpt-4o"
    assert check_base_url(Route("candidate", url, query={"api-version": "2024-10-21"}))[0].base_url == url


def test_a_key_over_plain_http_is_warned_about() -> None:
    _, warnings = check_base_url(Route("candidate", "http://gateway.corp/v1", "KEY"))
    assert warnings == ("base_url http://gateway.corp/v1 is plain http: the key in KEY travels unencrypted",)
    assert check_base_url(Route("candidate", "http://gateway.corp/v1"))[1] == ()


# -- asking -------------------------------------------------------------------------------------

CHAT = {"object": "chat.completion", "choices": []}
LIST = {"object": "list", "data": []}
NOT_FOUND = {"error": {"message": "The model `m-1` does not exist", "code": "model_not_found"}}


def below(prefix: str, *, chat: bool = True, models: bool = True) -> Handler:
    """An API at a prefix; 404 anywhere else."""

    async def handler(call: Call) -> None:
        if chat and call.path == f"{prefix}/chat/completions":
            await call.json(200, CHAT)
        elif models and call.path == f"{prefix}/models":
            await call.json(200, LIST)
        else:
            await call.json(404, {"detail": "Not Found"})

    return handler


def odd(fail: Callable[[Call], Awaitable[None] | None]) -> Handler:
    """Fails twice at random, and is an API then."""
    left = count()

    async def handler(call: Call) -> None:
        done = fail(call) if next(left) < 2 else call.json(200, CHAT)
        if done is not None:
            await done

    return handler


def always(status: int, body: bytes, media_type: str = "application/json", location: str = "") -> Handler:
    async def handler(call: Call) -> None:
        await call.reply(status, body, {"content-type": media_type, **({"location": location} if location else {})})

    return handler


async def hello(call: Call) -> None:
    """A friendly server outside its API."""
    if call.path.startswith("/v1/"):
        await call.json(200, CHAT if call.method == "POST" else LIST)
    else:
        await call.json(200, {"status": "ok"})


async def catch_all(call: Call) -> None:
    """A gateway whose last route answers everything."""
    if call.path.startswith("/v1/"):
        await call.json(200, CHAT if call.method == "POST" else LIST)
    else:
        await call.json(200, {"data": {"message": "no route matched"}})


async def web_app(call: Call) -> None:
    """Answers each path that it does not know with its page."""
    if call.path.startswith("/api/v1/"):
        await call.json(200, CHAT if call.method == "POST" else LIST)
    else:
        await call.reply(200, b"<!doctype html>", {"content-type": "text/html"})


async def lm_studio(call: Call) -> None:
    """Answers 200 for paths that it does not know."""
    if call.path.startswith("/v1/"):
        await call.json(200, CHAT if call.method == "POST" else LIST)
    else:
        await call.json(200, {"error": f"Unexpected endpoint or method. ({call.method} {call.path})"})


def check(handler: Handler, path: str, models: dict[str, str] | None = None) -> Loopback:
    async def main() -> Loopback:
        async with serve(handler) as server:
            route = Route("candidate", server.origin + path, "CANDIDATE_API_KEY", models or {"chat": "m-1"})
            try:
                await preflight(route, limits=Limits(), key="sk-1")
            finally:
                assert len(server.calls) <= 4
            return server

    return asyncio.run(main())


EMBEDDING = {"embedding": "e"}


@pytest.mark.parametrize(
    ("handler", "path", "models", "requests"),
    [
        (below("/v1"), "/v1", None, 1),
        (below("/v1"), "/v1", EMBEDDING, 1),
        (below("/v1", models=False), "/v1", None, 1),
        (below("/v1", chat=False), "/v1", None, 2),
        (below("/openai/deployments/x"), "/openai/deployments/x", None, 1),
        (always(400, b'{"error":{"message":"max_tokens"}}'), "/v1", None, 1),
        (always(400, b'{"error":{"message":"temperature is not supported with m-1"}}'), "/v1", None, 1),
        (always(429, b'{"error":{}}'), "/v1", None, 1),
        (always(429, b"slow down", "text/plain"), "/v1", None, 1),
        (always(503, b'{"error":{"message":"circuit breaker is open"}}'), "/v1", None, 3),
        # JSON that is no chat, and nothing better there: rules judge it
        (always(200, b'{"output":"Paris"}'), "/v1", None, 3),
        (always(200, b"[]"), "/v1", EMBEDDING, 3),
        (odd(lambda call: call.reset()), "/v1", None, 3),
        (odd(lambda call: call.reply(502, b"<html>", {})), "/v1", None, 3),
        (odd(lambda call: call.reply(200, b"", {})), "/v1", None, 3),
    ],
)
def test_an_api_that_answers_is_enough(
    handler: Handler, path: str, models: dict[str, str] | None, requests: int
) -> None:
    assert len(check(handler, path, models).calls) == requests


@pytest.mark.parametrize(
    ("handler", "path", "models", "words", "use"),
    [
        (below("/v1"), "", None, "answers 404; ", "/v1"),
        (below("/v1", models=False), "", None, "answers 404; ", "/v1"),
        (below("/v1"), "", EMBEDDING, "answers 404; ", "/v1"),
        (below("/api/v1"), "/v1", None, "answers 404; ", "/api/v1"),
        (below("/api/v1"), "", None, "answers 404; ", "/api/v1"),
        (below(""), "/v1", None, "answers 404; ", ""),
        (hello, "", None, "answers 200; ", "/v1"),
        (lm_studio, "", None, "answers 200; ", "/v1"),
        (catch_all, "", None, "answers 200; ", "/v1"),
        (catch_all, "", EMBEDDING, "answers 200; ", "/v1"),
        (web_app, "/v1", None, "answers 200 (text/html); ", "/api/v1"),
    ],
)
def test_the_right_base_is_found(
    handler: Handler, path: str, models: dict[str, str] | None, words: str, use: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        check(handler, path, models)
    assert words in caught.value.what
    assert caught.value.what.endswith(f"{use} answers 200")
    assert caught.value.fix.startswith("use http://127.0.0.1:")
    assert caught.value.fix.split(":")[-1].lstrip("0123456789") == use


def redirecting(status: int) -> Handler:
    async def handler(call: Call) -> None:
        if call.path.startswith("/v1"):
            await call.json(status, {}, {"location": call.target.replace("/v1", "/v2")})
        else:
            await call.json(401 if call.method == "POST" else 405, {"error": {}})

    return handler


@pytest.mark.parametrize(
    ("handler", "kind", "words", "where"),
    [
        (always(401, b'{"error":{}}'), RouteError, "rejects the key in CANDIDATE_API_KEY: it answers 401", "api_key_env"),
        (always(403, b"<html>", "text/html"), RouteError, "rejects the key in CANDIDATE_API_KEY", "api_key_env"),
        (always(404, b"no"), RouteError, "answers 404: no OpenAI-compatible API is there", "base_url"),
        (always(200, b"<html>", "text/html"), RouteError, "answers 200 (text/html): no OpenAI", "base_url"),
        (always(502, b"<html>", "text/html"), RouteError, "answers 502 (text/html): that is a gateway", "base_url"),
        (always(500, b'{"error":{"message":"no \\u001bworker"}}'), RouteError,
         "answers 500 to a plain request: no \\x1bworker", "base_url"),
        (always(503, b'{"detail":"loading"}'), RouteError, "answers 503 to a plain request", "base_url"),
        (always(400, b'{"error":{"message":"Invalid model name passed in model=m-1."}}'), ConfigError,
         "does not know the model 'm-1'", "models.chat"),
        (always(307, b"", location="/x\x1b[31m"), RouteError, "answers 307", "base_url"),
        (redirecting(308), ConfigError, "answers 401 after a redirect to /v2/chat/completions", "base_url"),
    ],
)  # fmt: skip
def test_what_can_not_be_judged_is_said(handler: Handler, kind: type[GateError], words: str, where: str) -> None:
    with pytest.raises(kind) as caught:
        check(handler, "/v1")
    assert words in caught.value.what
    assert caught.value.what.isprintable()
    assert caught.value.where == f"routes.candidate.{where}"
    assert caught.value.fix


def test_an_unknown_model_is_told_from_an_unknown_path() -> None:
    async def handler(call: Call) -> None:
        await call.json(404, NOT_FOUND)

    with pytest.raises(ConfigError, match="does not know the model 'm-1'") as caught:
        check(handler, "/v1")
    assert caught.value.where == "routes.candidate.models.chat"


def test_a_route_that_wants_a_key_and_has_none() -> None:
    async def main() -> None:
        async with serve(always(401, b"{}")) as server:
            await preflight(Route("candidate", server.base, models={"chat": "m"}), limits=Limits(), key=None)

    with pytest.raises(RouteError, match="the route requires a key: it answers 401"):
        asyncio.run(main())


async def close(call: Call) -> None:
    call.close()


async def talk_otherwise(call: Call) -> None:
    await call.write(b"+OK POP3 ready\r\n\r\n")


@pytest.mark.parametrize(
    ("url", "handler", "words"),
    [
        ("http://127.0.0.1:9/v1", close, "can't be used: could not connect: connection refused (127.0.0.1:9)"),
        ("http://candidate.invalid/v1", close, "can't be used: could not connect: the host name does not resolve"),
        ("", close, "can't be used: the connection was closed before any answer"),
        ("", talk_otherwise, "can't be used: not valid HTTP before any answer"),
    ],
)
def test_a_route_that_is_down(url: str, handler: Callable[[Call], Awaitable[None]], words: str) -> None:
    async def main() -> None:
        async with serve(handler) as server:
            route = Route("candidate", url or server.base, models={"chat": "m"})
            await preflight(route, limits=Limits(), key=None)

    with pytest.raises(RouteError) as caught:
        asyncio.run(main())
    assert words in caught.value.what
    assert caught.value.exit_code == 3


# -- TLS ----------------------------------------------------------------------------------------

TRUST = "set SSL_CERT_FILE to a file with the certificate of its CA, or with its own where it signed itself"


@pytest.mark.parametrize(
    ("host", "trusted", "words", "fix"),
    [
        ("localhost", False, "the TLS certificate is not accepted: self-signed certificate", TRUST),
        ("127.0.0.1", True, "IP address mismatch, certificate is not valid for '127.0.0.1'",
         "use a host name that its certificate has"),
        ("localhost", None, "TLS failed: ", "nothing there speaks TLS: write http:// if that is meant"),
    ],
)  # fmt: skip
def test_a_certificate_that_is_not_accepted(
    certificate: Path,  # noqa: F811
    host: str,
    trusted: bool | None,
    words: str,
    fix: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_PROXY", host)
    monkeypatch.setenv("no_proxy", host)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def greeted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if trusted is None:  # nobody speaks TLS here
            writer.write(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")
        writer.close()

    async def main() -> None:
        async with await asyncio.start_server(
            greeted, "127.0.0.1", 0, ssl=None if trusted is None else context
        ) as server:
            url = f"https://{host}:{server.sockets[0].getsockname()[1]}/v1"
            await preflight(Route("candidate", url, models={"chat": "m"}), limits=Limits(), key=None)

    with pytest.raises(RouteError) as caught:
        asyncio.run(main())
    assert words in caught.value.what
    assert caught.value.fix == fix
