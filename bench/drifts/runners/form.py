"""What runners of other tools share: a request sent, its answer in one form, and the golden's expectations of it.

Standard library only: it is imported in the environments of other tools.
"""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

SECONDS = 20
# Values that a client compares: what a person who writes assertions by hand would pin. All others are only typed.
PINNED = frozenset({"object", "type", "role", "finish_reason", "status", "code", "param", "media", "end", "index"})


def sent(base_url: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """The answer in its form: see `form`. What is no answer has `failed`."""
    headers = {"authorization": "Bearer bench-key-0001", "content-type": request["media"]}
    body = None if request["body"] is None else request["body"].encode()
    asked = urllib.request.Request(base_url + request["path"], body, headers, method=request["method"])
    start = time.monotonic()
    try:
        try:
            with urllib.request.urlopen(asked, timeout=SECONDS) as answer:
                return form(answer.status, answer.headers.get("content-type", ""), answer.read(), start)
        except urllib.error.HTTPError as refusal:
            return form(refusal.code, refusal.headers.get("content-type", ""), refusal.read(), start)
    except (OSError, http.client.HTTPException) as error:
        return {"failed": type(error).__name__}


def form(status: int, media: str, body: bytes, start: float = 0.0) -> dict[str, Any]:
    """Status, media type, and the JSON of a body, the events of a stream with its last line of data, or a text; `meant`
    is what the answer of a chat comes to."""
    head = {"status": status, "media": media.partition(";")[0].strip().lower()}
    if start:
        head["seconds"] = time.monotonic() - start
    text = body.decode("utf-8", "replace")
    if head["media"] == "text/event-stream":
        data = [line[5:].strip() for line in text.split("\n") if line.startswith("data:")]
        events = [_parsed(one) for one in data if one != "[DONE]"]
        return {**head, "events": events, "end": data[-1][:6] if data else "", "meant": meant(events)}
    return {**head, "body": _parsed(text), "meant": meant([_parsed(text)])}


def meant(documents: Iterable[Any]) -> dict[str, Any]:
    """The content and the calls of a chat put together; JSON in them is read."""
    content, calls = "", dict[Any, dict[str, str]]()
    for part in _parts(documents):
        content += part["content"] if isinstance(part.get("content"), str) else ""
        for number, call in enumerate(part["tool_calls"] if isinstance(part.get("tool_calls"), list) else []):
            if isinstance(call, dict) and isinstance(call.get("function"), dict):
                one = calls.setdefault(str(call.get("index", number)), {"name": "", "arguments": ""})
                for key in one:
                    one[key] += call["function"][key] if isinstance(call["function"].get(key), str) else ""
    read = [{"name": one["name"], "arguments": _parsed(one["arguments"])} for one in calls.values()]
    document = _parsed(content)
    return {"content": document if isinstance(document, (dict, list)) else content, "calls": read}


def _parts(documents: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for document in documents:
        choices = document.get("choices") if isinstance(document, dict) else None
        for choice in choices if isinstance(choices, list) else []:
            part = choice.get("message", choice.get("delta")) if isinstance(choice, dict) else None
            if isinstance(part, dict):
                yield part


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


# -- expectations, written once from the golden -------------------------------------------------


def expected(answers: Sequence[Mapping[str, Any]], body: str | None = None) -> dict[str, Any]:
    """A JSON Schema that all these answers satisfy: types, what is always there, and the pinned values.

    Fields that it does not know are allowed. Structured output and arguments have the schemas of the request's `body`.
    """
    schema = _schema([{key: value for key, value in one.items() if key != "seconds"} for one in answers], "")
    asked = _parsed(body or "")
    if isinstance(asked, dict) and all("meant" in one for one in answers):
        _structured(schema["properties"]["meant"]["properties"], answers, asked)
    return schema


def _structured(properties: dict[str, Any], answers: Sequence[Mapping[str, Any]], asked: Mapping[str, Any]) -> None:
    wanted = asked.get("response_format")
    form = wanted.get("json_schema") if isinstance(wanted, dict) else None
    if isinstance(form, dict) and "schema" in form and all(isinstance(a["meant"]["content"], dict) for a in answers):
        properties["content"] = form["schema"]
    functions = [tool.get("function") for tool in asked.get("tools", ()) if isinstance(tool, dict)]
    known = [one for one in functions if isinstance(one, dict) and "parameters" in one]
    if known and any(answer["meant"]["calls"] for answer in answers):
        either = [_call(one) for one in known]
        properties["calls"] = {"type": "array", "minItems": 1, "items": {"anyOf": either}}


def _call(function: Mapping[str, Any]) -> dict[str, Any]:
    properties = {"name": {"const": function["name"]}, "arguments": {"type": "object", **function["parameters"]}}
    return {"type": "object", "properties": properties}


def _schema(values: Sequence[Any], name: str) -> dict[str, Any]:
    kinds = sorted({_kind(value) for value in values})
    schema: dict[str, Any] = {"type": kinds if len(kinds) > 1 else kinds[0]} if kinds else {}
    if name in PINNED and values and not any(isinstance(value, (dict, list)) for value in values):
        known = list({json.dumps(value): value for value in values}.values())
        return {"enum": known}
    objects = [value for value in values if isinstance(value, dict)]
    if objects:
        keys = dict.fromkeys(key for one in objects for key in one)
        schema["required"] = [key for key in keys if all(key in one for one in objects)]
        schema["properties"] = {key: _schema([one[key] for one in objects if key in one], key) for key in keys}
    lists = [value for value in values if isinstance(value, list)]
    if lists:
        schema |= _list(lists, name)
    return schema


def _list(lists: Sequence[list[Any]], name: str) -> dict[str, Any]:
    items = [item for one in lists for item in one]
    schema: dict[str, Any] = {"items": _schema(items, "")}
    if all(lists):
        schema["minItems"] = 1
    # the width of a vector, which is as fixed as a type
    if name == "embedding" and len({len(one) for one in lists}) == 1:
        schema |= {"minItems": len(lists[0]), "maxItems": len(lists[0])}
    return schema


def _kind(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            # JSON has one number; a vector may hold 0 among floats
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"
