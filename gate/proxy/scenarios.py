"""A recorded request → the scenario that sends it again byte for byte, and its file as docs/suite.md has them.

The body stands as YAML where that gives the same bytes, else as the text that it was. The one thing that may change
from route to route is the model, where its name is one that gate.yaml has a role for.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from gate.endpoints import GENERAL, endpoint, for_url
from gate.errors import GateError
from gate.model import MISSING, Exchange, Headers, Json, Request, Route, Scenario, Step
from gate.proxy.naming import about, asked, group_of, name_of
from gate.run import templates
from gate.store import yaml_file
from gate.store.yaml_writer import write
from gate.suite.raw_model import model_span
from gate.suite.scenario import scenario_of
from gate.wire import form

_ROLES = {
    "chat.completions": "chat", "responses": "chat", "embeddings": "embedding", "completions": "completion",
    "moderations": "moderation", "images": "image", "audio.speech": "tts", "audio.transcriptions": "stt",
    "audio.translations": "stt",
}  # fmt: skip
# What belongs to one connection, one attempt or one caller, and what the gate sets itself.
_NOT_SENT = re.compile(
    r"host|connection|keep-alive|content-length|transfer-encoding|te|trailer|upgrade|expect|proxy-.*|http2-settings"
    r"|authorization|api-key|x-api-key|cookie|idempotency-key|traceparent|tracestate|x-request-id|date|via|forwarded"
    r"|x-forwarded-.*|openai-organization|openai-project|x-stainless-retry-count"
)
_SENDABLE = re.compile(r"[A-Za-z0-9-]+")
_MASKED = re.compile(r"\*+")
_PATH = re.compile(r"/(?!/)(?!.*\.\.)[A-Za-z0-9/._~-]*")
_QUERY = re.compile(r"[A-Za-z0-9/._~?=&%-]*")
# Keys whose values name what a route holds for the caller: another route has nothing of that name.
_HELD = frozenset({"previous_response_id", "conversation", "file_id", "file_ids", "vector_store_ids", "container"})


@dataclass(frozen=True, slots=True)
class Written:
    """A scenario, and the text of its file."""

    scenario: Scenario
    text: str


class UnsendableError(Exception):
    """No scenario can send a request again; the words say why."""


def written(exchange: Exchange, base_url: str, models: Mapping[str, str]) -> Written:
    """The scenario of an exchange that is scrubbed. `models` are the route's, by role. Raises UnsendableError."""
    request = exchange.request
    ask = asked(request, base_url)
    status = exchange.response.status if exchange.response else 200
    scenario = Scenario(
        id=name_of(request, base_url),
        group=group_of(request, ask, status),
        steps=(),
        about=about(request, ask),
    )
    denied = status in (401, 403) and ask.access != "ok"
    step = Step(
        endpoint=_endpoint(request),
        method=request.method,
        path=_path(request, base_url),
        expect=(status,),
        key=("bad" if ask.access == "bad" else "none") if denied else "route",
        headers=_headers(request.headers),
    )
    for whole in _with_body(step, request, models):
        one = replace(scenario, steps=(whole,))
        text = write(_file(one))
        if len(text.encode("utf-8", "surrogatepass")) > yaml_file.MAX_BYTES:
            raise UnsendableError("its body is larger than a scenario may be")
        if _gives(text, one, request, models):
            return Written(one, text)
    raise UnsendableError("its body can't be written as a scenario")


def _gives(text: str, scenario: Scenario, request: Request, models: Mapping[str, str]) -> bool:
    """Whether the file means this scenario, and the scenario sends these bytes."""
    try:
        read = scenario_of(yaml_file.parse(text, scenario.id))
        sent = templates.content(read.steps[0], Route("", "", models=models), {}, _nothing, _nothing)
    except (GateError, templates.UnfilledError, RecursionError):
        return False
    return replace(read, source="") == scenario and (sent == (request.body or None) or _same_form(sent, request))


def _same_form(sent: bytes | None, request: Request) -> bool:
    """Whether both are forms of the same fields, which stand between other boundaries."""
    fields = form.parts(request.body, request.headers)
    return bool(fields) and fields == form.parts(sent, (("content-type", form.CONTENT_TYPE),))


def _nothing(step: int) -> Json:  # noqa: ARG001
    return MISSING


# -- one step -----------------------------------------------------------------------------------


def _with_body(step: Step, request: Request, models: Mapping[str, str]) -> list[Step]:
    """The step in the forms that may give the bytes of the request, the more readable first."""
    if not request.body:
        if request.method == "POST":
            raise UnsendableError("it has no body")
        return [step]
    fields = form.parts(request.body, request.headers) or []
    if any(file for _, file, _ in fields):
        return [_with_form(step, fields, models)]
    try:
        text = request.body.decode()
    except UnicodeDecodeError:
        raise UnsendableError("its body is no text") from None
    document = _document(text)
    if _holds(document):
        raise UnsendableError("it names what only its own route holds, such as an earlier response")
    role = _role(step.endpoint, document, models) if model_span(text) is not None else None
    raw = replace(step, raw=text, model=role)
    if not isinstance(document, dict):
        return [raw]
    body = {**document, "model": {"$model": role}} if role else document
    return [replace(step, body=body, model=role), raw]


def _with_form(step: Step, fields: Iterable[form.Part], models: Mapping[str, str]) -> Step:
    body = form.gathered((name, _held(file, content)) for name, file, content in fields)
    role = _role(step.endpoint, body, models)
    headers = {name: value for name, value in step.headers.items() if name != "content-type"}
    return replace(step, body={**body, "model": {"$model": role}} if role else body, model=role, headers=headers)


def _held(name: str, content: bytes) -> Json:
    if not name:
        return content.decode("utf-8", "replace")
    return {"$file": {"name": name, "base64": base64.b64encode(content).decode()}}


def _document(text: str) -> Json:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _holds(value: Json) -> bool:
    match value:
        case dict():
            return any((key in _HELD and bool(item)) or _holds(item) for key, item in value.items())
        case list():
            return any(map(_holds, value))
        case _:
            return False


def _role(endpoint: str, document: Json, models: Mapping[str, str]) -> str | None:
    """The role whose model the request names on this route: the endpoint's own before others."""
    model = document.get("model") if isinstance(document, dict) else None
    roles = sorted(role for role, name in models.items() if name == model)
    usual = _ROLES.get(endpoint, "")
    return usual if usual in roles else next(iter(roles), None)


def _endpoint(request: Request) -> str:
    return for_url(request.url, request.method).name


def _path(request: Request, base_url: str) -> str | None:
    """The path below the base_url, where it is not the endpoint's own. Raises UnsendableError."""
    base, url = urlsplit(base_url).path.rstrip("/"), urlsplit(request.url)
    if not url.path.startswith(f"{base}/"):
        raise UnsendableError("it is not below the base_url")
    path, known = url.path.removeprefix(base), for_url(request.url, request.method)
    if request.method not in ("GET", "POST"):
        raise UnsendableError(f"a {request.method} changes what its route holds")
    if path != f"/{known.path}" and any(any(map(str.isdigit, word)) for word in path.split("/")):
        raise UnsendableError("its path names something that only its own route holds")
    # a masked value is the route's key
    query = "&".join(pair for pair in url.query.split("&") if pair and not _MASKED.fullmatch(pair.partition("=")[2]))
    if not _PATH.fullmatch(path) or not _QUERY.fullmatch(query):
        raise UnsendableError("its path has characters that a scenario's can't have")
    whole = f"{path}?{query}" if query else path
    return None if known is not GENERAL and whole == f"/{known.path}" else whole


def _headers(headers: Headers) -> dict[str, str]:
    """What the client told about itself and the answer it wants."""
    return {
        name.lower(): value
        for name, value in headers
        if _SENDABLE.fullmatch(name)
        and not _NOT_SENT.fullmatch(name.lower())
        and not _MASKED.fullmatch(value)
        and value.isprintable()
        and value.isascii()
    }


# -- its file -----------------------------------------------------------------------------------


def _file(scenario: Scenario) -> dict[str, Json]:
    return {
        "id": scenario.id,
        "about": scenario.about,
        "group": scenario.group,
        "steps": [_entry(step) for step in scenario.steps],
    }


def _entry(step: Step) -> dict[str, Json]:
    entry: dict[str, Json] = {"endpoint": step.endpoint}
    if step.path is not None:
        entry["path"] = step.path
    if step.method != endpoint(step.endpoint).method:
        entry["method"] = step.method
    if step.raw is not None and step.model:
        entry["model"] = step.model
    if step.key != "route":
        entry["key"] = step.key
    if step.expect != (200,):
        entry["expect"] = {"status": step.expect[0]}
    if step.headers:
        entry["headers"] = dict(step.headers)
    if step.raw is not None:
        return {**entry, "raw": step.raw}
    return entry if step.body is None else {**entry, "body": step.body}
