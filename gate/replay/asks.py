"""What a request asks for, in the form in which it is compared with recorded ones. Pure.

SDKs and gateways add, drop, rename and reorder fields. What stays is the endpoint, the texts of the messages in order,
the names of the tools, and whether a stream is wanted: these must agree. All else only ranks what agrees.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from gate.endpoints import member, members
from gate.model import Headers, Json, Request
from gate.observe.request import outline
from gate.redact.kinds import BAD_KEY, KEY_HEADERS
from gate.wire import form

Access = Literal["ok", "bad", "none"]
"""What kind of key came: one, the suite's bad one, or no key."""

UNKNOWN_MODEL = "no-such-model"
ECHO = "…"
"""Stands for what repeats an earlier reply: its texts and ids may be others than the recorded ones."""

_BAD = BAD_KEY.rpartition("-")[0]  # any key that begins like the suite's
_TEXTS = ("instructions", "messages", "input", "prompt", "query", "file", "image")
_ECHOES = frozenset({"function_call", "reasoning", "custom_tool_call"})
_MODEL = re.compile(r'"model"\s*:\s*"(?!no-such-model")[^"]*"')
# At the end, because recorded bases have prefixes of any form (`/openai/deployments/x/chat/completions`).
_ENDPOINT = re.compile(
    r"(?:^|/)((?:chat/)?completions|responses|embeddings|moderations|images/\w+|audio/\w+|models(?:/[^/]+)?|files)$"
)
# For endpoints that the pattern above does not know.
_VERSION = re.compile(r"^.*/v\d+\w*/")
_STREAMED = re.compile(r"[?&]stream=true(?:&|$)")  # https://platform.openai.com/docs/api-reference/responses/get


@dataclass(frozen=True, slots=True)
class Ask:
    """One request as it is compared. Texts have no white space: gateways join parts with or without a line break.

    `rest` is all of the body but the model, `exact` the whole of it less the model as one text.
    """

    method: str
    path: str
    texts: tuple[str, ...] | None
    tools: tuple[str, ...]
    stream: bool
    unknown_model: bool = field(compare=False, default=False)
    access: Access = field(compare=False, default="ok")
    rest: Mapping[str, Json] = field(compare=False, default_factory=dict)
    exact: str = field(compare=False, default="")
    shown: tuple[str, ...] = field(compare=False, default=())  # the texts as they came
    request_id: str = field(compare=False, default="")

    @property
    def outline(self) -> str:
        """The body less the model and what it echoes: equal for samples of one request."""
        return json.dumps(outline(dict(self.rest)), sort_keys=True) if self.rest else self.exact

    @property
    def operation(self) -> str:
        """Method and path for a person."""
        return f"{self.method} {self.path}"


def ask_of(request: Request, path: str) -> Ask:
    """The request in comparable form; `path` is what follows the base, without a query."""
    body = _document(request)
    access = access_of(request.headers)
    if not isinstance(body, dict):  # none at all, malformed on purpose, or too deep
        raw = _MODEL.sub("", (request.body or b"").decode("utf-8", "replace"))
        texts = (_squeezed(raw),) if raw else None
        return Ask(
            method=request.method,
            path=path,
            texts=texts,
            tools=(),
            stream=_STREAMED.search(request.url) is not None,
            access=access,
            exact=raw,
            shown=(raw,) if raw else (),
            request_id=_id_of(request),
        )
    model = body.get("model")
    rest = {key: value for key, value in body.items() if key != "model"}
    shown = [text for key in _TEXTS if key in body for text in _texts(body[key])]
    return Ask(
        method=request.method,
        path=path,
        texts=tuple(map(_squeezed, shown)) if any(key in body for key in _TEXTS) else None,
        tools=tuple(sorted(_tools(body))),
        stream=body.get("stream") in (True, "true"),
        unknown_model=isinstance(model, str) and model.endswith(UNKNOWN_MODEL),
        access=access,
        rest=rest,
        exact=json.dumps(rest, sort_keys=True),
        shown=tuple(shown),
        request_id=_id_of(request),
    )


def _id_of(request: Request) -> str:
    return next((value for name, value in request.headers if name.lower() == "x-request-id"), "")


def recorded_path(url: str) -> str:
    """The part of a recorded URL below its base, wherever that base ends: `chat/completions`, `models/gpt-4o`."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return url
    if endpoint := _ENDPOINT.search(path):
        return endpoint[1]
    return _VERSION.sub("", path).lstrip("/")


def access_of(headers: Headers) -> Access:
    """The kind of key in the headers of a request."""
    values = [value for name, value in headers if name.lower() in KEY_HEADERS]
    if any(_BAD in value for value in values):
        return "bad"
    return "ok" if any(value.removeprefix("Bearer").strip() for value in values) else "none"


def distance(asked: Ask, recorded: Ask) -> tuple[int, int]:
    """How far two requests are apart that agree in what must: less the parameters with equal values, then those of the
    recorded one that are lost or have another value."""
    alike = sum(key in asked.rest and _alike(asked.rest[key], value) for key, value in recorded.rest.items())
    return -alike, len(recorded.rest) - alike


def _alike(asked: Json, recorded: Json) -> bool:
    return bool(asked == recorded or outline(asked) == outline(recorded))


# -- bodies -------------------------------------------------------------------------------------


def _document(request: Request) -> Json:
    if (fields := form.document(request.body, request.headers)) is not None:
        return fields
    try:
        return json.loads(request.body or b"null")
    except (ValueError, RecursionError):
        return None


def _tools(body: Mapping[str, Any]) -> set[str]:
    offered = [*members(body, "tools"), *members(body, "functions")]
    functions = [member(t, "function") if isinstance(member(t, "function"), dict) else t for t in offered]
    names = (member(f, "name") if isinstance(member(f, "name"), str) else member(f, "type") for f in functions)
    return {name for name in names if isinstance(name, str)}


def _texts(value: Json) -> Iterator[str]:
    """The texts of messages, items and inputs, one for each; ECHO for what repeats an earlier reply."""
    match value:
        case list() if all(isinstance(item, (int, float)) for item in value):
            yield json.dumps(value)  # an input as token ids
        case list():
            for item in value:
                yield from _texts(item)
        case {"role": "assistant"}:
            yield ECHO
        case {"type": str(kind)} if kind in _ECHOES:
            yield ECHO
        case dict():
            yield _content_of(value)
        case str():
            yield value


def _content_of(message: Mapping[str, Any]) -> str:
    """The text of one message: its content, whether a text or parts; pictures and files by their addresses."""
    content = next((message[key] for key in ("content", "output", "text", "image_url", "url") if key in message), None)
    match content:
        case str():
            return content
        case dict():
            return _content_of(content)
        case list():
            return "".join(_content_of(part) for part in content if isinstance(part, dict))
        case _:
            return ""


def _squeezed(text: str) -> str:
    return "".join(text.split())
