"""Checks of a base_url before a suite is sent to it, with an explanation of what is wrong in one line.

`check_base_url` looks at the text alone; `preflight` asks the route, with at most seven short requests.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from gate import endpoints
from gate.config import urls
from gate.errors import ConfigError, RouteError
from gate.model import MISSING, Exchange, Json, Limits, Route, Scenario, Step, Timeouts
from gate.observe.refusal import document
from gate.redact.scrub import Scrubber
from gate.run import templates
from gate.run.client import open_client, send
from gate.run.failures import broken, header, limited, served, speaks, vague
from gate.run.parameter_names import ParameterNames
from gate.text.safe import line

# `$NAME` as well: a shell's form, which gate.yaml does not fill.
_VARIABLE = re.compile(r"\$\{?[A-Za-z_]\w*\}?")
# `/v1`, and names such as `/v1beta`.
_VERSION = re.compile(r"/v\d+[a-z0-9]*$")
# Words of gateways that answer 400 for an unknown model; a 404 needs none of them.
_UNKNOWN = re.compile(r"(invalid|unknown|no such) model|(not|no) (found|exist|available)", re.IGNORECASE)
_TRIES = 3  # chosen: of a route that loses 15 % of its requests, one in 300 then still looks down
# chosen: 16 tokens are enough for one word, and cost next to nothing.
_CHAT: Json = {"messages": [{"role": "user", "content": "Reply with the word: ok"}], "max_tokens": 16}


def probe_scenario(route: Route) -> Scenario:
    """One plain chat, or the list of models where the route has no chat model."""
    if "chat" in route.models:
        return Scenario("probe", "text", (Step("chat.completions", "chat", _CHAT),))
    return Scenario("probe", "text", (Step("models", method="GET"),))


# -- the text alone -----------------------------------------------------------------------------


def check_base_url(route: Route) -> tuple[Route, tuple[str, ...]]:
    """The route with its base_url in normal form, and warnings. Raises ConfigError with the fix."""
    url = route.base_url.strip().rstrip("/")
    for what, fix in _mistakes(url, route):
        # a query may hold a key, and what stands before an @ a password
        shown = line(urls.shown(url) if "@" in url else url.partition("?")[0])
        raise ConfigError(f"base_url {shown} {what}", where=f"routes.{route.name}.base_url", fix=fix)
    warnings = []
    parts = urlsplit(url)
    # Only a warning: gateways inside a cluster often have no TLS.
    if parts.scheme == "http" and route.api_key_env and not _loopback(parts.hostname or ""):
        warnings.append(f"base_url {line(url)} is plain http: the key in {route.api_key_env} travels unencrypted")
    return replace(route, base_url=url), tuple(warnings)


def _mistakes(url: str, route: Route) -> Iterator[tuple[str, str]]:
    if not url:
        yield "is empty", "write it like https://api.openai.com/v1"
    if variable := _VARIABLE.search(url):
        name = variable[0].strip("${}")
        yield f"contains {variable[0]}, which was not replaced", f"set the environment variable {name}"
    if re.search(r"\s", url):
        yield "contains white space", "remove it"
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        yield "is not a valid URL", "write it like https://api.openai.com/v1"
        return
    if "://" not in url:
        scheme = "http" if _loopback(url.partition("/")[0].partition(":")[0]) else "https"
        yield "has no scheme", f"use {scheme}://{url.rpartition('@')[2].lstrip('/')}"
    if parts.scheme not in ("http", "https") or not parts.hostname:
        yield "is not an http:// or https:// URL with a host", "write it like https://api.openai.com/v1"
    # A key in a URL ends up in logs, cassettes and reports.
    if parts.username or parts.password:
        yield "contains a user or password", "name a variable in api_key_env instead"
    if parts.query or parts.fragment:  # before anything is said of the path, whose fix would drop them
        yield urls.problem(url)
    # T28: SDKs append the endpoint to the base, so a copied full URL gives a doubled path and 404s.
    if below := _endpoint_below(parts.path):
        yield f"is a full endpoint, not a base ({below})", f"use {url[: url.rindex(below)].rstrip('/')}"
    if repeated := re.search(r"(/v\d+[a-z0-9]*)\1+(?=/|$)", parts.path):
        yield f"has {repeated[1]} twice", f"use {url.replace(repeated[0], repeated[1])}"
    what, fix = urls.azure_problem(url, route.query)
    if what:
        yield what, fix


def _endpoint_below(path: str) -> str:
    """The path of an endpoint that a base_url ends with, "" without one; /models alone may be part of a base."""
    # The longest first: `chat/completions` also ends with `completions`.
    for known in sorted(endpoints.endpoints().values(), key=lambda e: -len(e.path)):
        if path.endswith(f"/{known.path}") and ("/" in known.path or _VERSION.search(path[: -len(known.path) - 1])):
            return known.path
    return ""


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


# -- asking the route ---------------------------------------------------------------------------


async def preflight(route: Route, *, limits: Limits, key: str | None) -> None:
    """Returns if the route answers like an API, whatever it answers.

    Raises ConfigError for a wrong base_url (with the right one, if it was found) or a model that the route does
    not know, and RouteError where it can't be reached, refuses the key or stands behind a broken gateway.
    """
    answer = await _answer(route, limits, key)
    if limited(answer, ()):  # something is there that asks for patience, which the run has
        return
    _reached(route, answer, key)
    _authorized(route, answer)
    _knows_model(route, answer)
    if speaks(answer) and not vague(answer):
        return
    # a route with embeddings only has no chat; one with chat only may lack the list of models
    if "chat" in route.models and not speaks(answer) and speaks(await _ask(replace(route, models={}), limits, key)):
        return
    # T28: the path of the base is the usual mistake. Three guesses, so that five requests are the most.
    for url in _variants(route.base_url):  # same host, so the key may go along
        other = await _ask(replace(route, base_url=url), limits, key)
        if speaks(other) and not vague(other):
            raise _error(
                ConfigError, route, f"{_answer_words(answer)}; {line(url)} answers {_status(other)}", f"use {line(url)}"
            )
    if speaks(answer):  # odd, and the only API that is there: that is for rules to judge
        return
    raise _error(
        RouteError,
        route,
        f"{_answer_words(answer)}{_words(answer, key)}: no OpenAI-compatible API is there",
        "check base_url and its path",
    )


async def _answer(route: Route, limits: Limits, key: str | None) -> Exchange:
    """The answer to the probe; one that failed as any request may fail at random is sought three times."""
    answer = await _ask(route, limits, key)
    for _ in range(_TRIES - 1):
        if not broken(answer):
            break
        answer = await _ask(route, limits, key)
    return answer


async def _ask(route: Route, limits: Limits, key: str | None) -> Exchange:
    """Sends the probe once, with short timeouts; for a chat the route may have to load a model first."""
    # chosen: a local engine loads a model in that time; a list of models comes at once.
    patience = 30.0 if "chat" in route.models else 10.0
    timeouts = route.timeouts
    short = Timeouts(
        # Never longer than the user's own: who sets 2 s does not want to wait 5 s for a typing error.
        connect=min(timeouts.connect, 5.0),
        first_byte=min(timeouts.first_byte, patience),
        between_chunks=min(timeouts.between_chunks, patience),
        total=min(timeouts.total, patience + 10.0),
    )
    quick = replace(route, timeouts=short)
    scenario = probe_scenario(route)
    step = scenario.steps[0]
    body = templates.content(step, route, ParameterNames(route.map).of(step), lambda _: MISSING, lambda _: MISSING)
    async with open_client(quick) as http:
        return await send(http, templates.prepared(scenario, 0, 0, body, "preflight"), quick, limits, key)


def _status(answer: Exchange) -> int:
    return answer.response.status if answer.response else 0


def _answer_words(answer: Exchange) -> str:
    """What the base_url answers, as part of a sentence."""
    media_type = (header(answer.response, "content-type") or "").partition(";")[0]
    html = f" ({line(media_type, 40)})" if "json" not in media_type and media_type else ""
    hops = f" after a redirect to {_redirected(answer)}" if answer.hops else ""
    return f"answers {_status(answer)}{html}{hops}"


def _redirected(answer: Exchange) -> str:
    """The target of the last redirect without its query, which may repeat the key."""
    return line(Scrubber().url(answer.hops[-1].location.partition("?")[0]))


def _words(answer: Exchange, key: str | None) -> str:
    """`: ` and the message of the error, "" without one; secrets in it are masked."""
    doc = document(answer.response)
    error = doc.get("error", doc) if isinstance(doc, dict) else None
    message = error.get("message") if isinstance(error, dict) else error
    if not isinstance(message, str) or not message:
        return ""
    return f": {line(Scrubber((key,) if key else ()).text(message[:4000]), 160)}"


def _error(kind: type[ConfigError | RouteError], route: Route, what: str, fix: str) -> ConfigError | RouteError:
    return kind(f"base_url {line(route.base_url)} {what}", where=f"routes.{route.name}.base_url", fix=fix)


# Words of OpenSSL (its X509_verify_cert_error_string, and the reason of SSL_R_WRONG_VERSION_NUMBER).
_TRUST = "set SSL_CERT_FILE to a file with the certificate of its CA, or with its own where it signed itself"
_TLS = (
    ("self-signed certificate", _TRUST),
    ("self signed certificate", _TRUST),  # OpenSSL 1.1
    ("unable to get local issuer certificate", _TRUST),
    ("certificate has expired", "let the server get a new certificate, and look at the clock of this machine"),
    ("certificate is not valid for", "use a host name that its certificate has"),
    ("WRONG_VERSION_NUMBER", "nothing there speaks TLS: write http:// if that is meant"),
)


def _reached(route: Route, answer: Exchange, key: str | None) -> None:
    if answer.response is None:
        tls = next((fix for words, fix in _TLS if words in answer.detail), "")
        fix = tls or "check base_url, and the proxy settings of the environment; is the server running?"
        raise _error(RouteError, route, f"can't be used: {answer.detail}", fix)
    if not served(answer):
        fix = "the API behind this gateway is down or not configured; try again when it is up"
        raise _error(RouteError, route, f"{_answer_words(answer)}: that is a gateway, not the API", fix)
    # Not incomplete scenario by scenario: a plain chat that fails with 5xx says that nothing will work.
    if _status(answer) >= 500:
        fix = "the route is broken: look at its log, and try again when it answers"
        raise _error(RouteError, route, f"answers {_status(answer)} to a plain request{_words(answer, key)}", fix)


def _authorized(route: Route, answer: Exchange) -> None:
    if _status(answer) not in (401, 403):
        return
    if answer.hops:  # the key was not sent to the other host
        fix = f"use the address that it redirects to: {_redirected(answer)}"
        raise _error(ConfigError, route, _answer_words(answer), fix)
    where = f"routes.{route.name}.api_key_env"
    if route.api_key_env is None:
        fix = "set api_key_env to the name of the variable that holds it"
        raise RouteError(f"the route requires a key: it answers {_status(answer)}", where=where, fix=fix)
    header_ = "`auth: {header: api-key}`, which Azure takes keys in"
    auth = header_ if urls.azure(route.base_url) else "`auth` (bearer, {header: NAME} or {query: NAME})"
    fix = f"check the key in {route.api_key_env}, and {auth}"
    raise RouteError(
        f"the route rejects the key in {route.api_key_env}: it answers {_status(answer)}", where=where, fix=fix
    )


def _knows_model(route: Route, answer: Exchange) -> None:
    """A 404 may be about the model instead of the path; some gateways answer 400 for that."""
    doc = document(answer.response)
    error = doc.get("error") if isinstance(doc, dict) else None
    if _status(answer) not in (400, 404) or not isinstance(error, dict):
        return
    # 4,000 characters: the message is searched twice, and a hostile one may be as long as the body.
    model, message = route.models.get("chat", ""), str(error.get("message"))[:4000]
    named = bool(model) and model in message and (_status(answer) == 404 or bool(_UNKNOWN.search(message)))
    if named or "model_not_found" in (error.get("code"), error.get("type")):
        where = f"routes.{route.name}.models.chat"
        raise ConfigError(f"the route does not know the model '{line(model)}'", where=where, fix="name one that it has")


def _variants(base_url: str) -> tuple[str, ...]:
    """Other base_urls to try: with or without the version, below /api, and with the usual version."""
    url = base_url.rstrip("/")
    version = _VERSION.search(url)
    if version is None:
        return f"{url}/v1", f"{url}/api/v1"
    above = url[: version.start()]
    usual = () if version[0] == "/v1" else (f"{above}/v1",)
    return above, *usual, f"{above}/api{version[0]}"
