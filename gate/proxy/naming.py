"""What a recorded request is called, and in which group it belongs. Pure.

Names are made of what a developer wrote (endpoint, tools, schemas) and of a digest; never of words of a message, which
may be those of a user.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from gate.endpoints import GENERAL, for_url, member
from gate.model import Json, Request
from gate.observe.request import outline
from gate.redact.checks import random
from gate.replay.asks import Ask, ask_of
from gate.wire import form

_SHORT = {
    "chat.completions": "chat", "embeddings": "embed", "moderations": "moderate", "audio.speech": "speech",
    "audio.transcriptions": "transcribe", "audio.translations": "translate",
}  # fmt: skip
_WORD = re.compile(r"[a-z0-9]+")
_DIGITS = 8  # of the digest; 32 bits keep a thousand requests apart
_LONGEST = 24  # characters of a tool's or schema's name


def asked(request: Request, base_url: str) -> Ask:
    """The request in comparable form, its path below the base."""
    path = urlsplit(request.url).path.removeprefix(urlsplit(base_url).path.rstrip("/"))
    return ask_of(request, path.strip("/"))


def name_of(request: Request, base_url: str) -> str:
    """The id of a request's scenario: the same for equal requests of any run, whatever earlier replies they echo."""
    ask = asked(request, base_url)
    words = [_operation(request), *_features(ask), *(["stream"] if ask.stream else [])]
    return "-".join([*words, _digest(request, ask)])


def group_of(request: Request, ask: Ask, status: int) -> str:
    """The group of the suite that a request belongs to."""
    if status >= 400:
        return "errors"
    if for_url(request.url, request.method).name == "embeddings":
        return "embeddings"
    if ask.tools:
        return "tools"
    if _schema(ask.rest) is not None:
        return "structured"
    return "stream" if ask.stream else "text"


def about(request: Request, ask: Ask) -> str:
    """One line for a person, without a word of a message."""
    endpoint = for_url(request.url, request.method)
    what = [endpoint.name if endpoint is not GENERAL else f"{request.method} {ask.path}"[:60]]
    what += ["streamed"] if ask.stream else []
    what += [f"{len(ask.texts)} texts"] if ask.texts and len(ask.texts) > 1 else []
    what += [f"tools {', '.join(ask.tools)}"[:60]] if ask.tools else []
    return f"recorded by gate proxy: {', '.join(what)}"


def _operation(request: Request) -> str:
    endpoint = for_url(request.url, request.method)
    if endpoint is GENERAL:
        return "-".join(_slug(urlsplit(request.url).path.rpartition("/")[2])) or "root"
    return "-".join(_slug(_SHORT.get(endpoint.name, endpoint.name)))


def _features(ask: Ask) -> list[str]:
    schema = _schema(ask.rest)
    if ask.tools:
        return _slug(ask.tools[0]) if len(ask.tools) == 1 else ["tools"]
    return [] if schema is None else _slug(schema) or ["json"]


def _schema(body: Mapping[str, Any]) -> str | None:
    """The name of the schema that the answer shall have, "" where it has none; None where no JSON is asked for."""
    wanted = body.get("response_format") or member(body.get("text"), "format")
    kind = member(wanted, "type")
    if kind not in ("json_schema", "json_object"):
        return None
    inner = member(wanted, "json_schema")
    name = member(inner if isinstance(inner, dict) else wanted, "name")
    return name if isinstance(name, str) else ""


def _slug(text: str) -> list[str]:
    """The words of a name; none where it looks made by chance, as ids do."""
    words = _WORD.findall(re.sub(r"(?<=[a-z])(?=[A-Z])", "-", text).lower())
    short = "-".join(words)[:_LONGEST].strip("-")
    return [] if not short or random(short) else short.split("-")


def _digest(request: Request, ask: Ask) -> str:
    sent: list[Json] = [request.method, ask.path, urlsplit(request.url).query, ask.access, asked_model(request)]
    sent.append(outline(dict(ask.rest)) if ask.rest else ask.exact)
    text = json.dumps(sent, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def asked_model(request: Request) -> Json:
    """The model that a request names; None where it names none."""
    try:
        body = form.document(request.body, request.headers) or json.loads(request.body or b"null")
    except (ValueError, RecursionError):
        return None
    return body.get("model") if isinstance(body, dict) else None
