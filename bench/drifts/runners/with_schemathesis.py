"""Schemathesis (https://schemathesis.readthedocs.io) with OpenAI's own schema: `with_schemathesis.py openapi.json`.

The recorded requests are sent as explicit cases, and all checks of a response run. The schema is completed as its
guides say: events of a stream are JSON in `data` (guide "Server-Sent Events"), and the operation answers with the
status that the golden answered with, refusals as `ErrorResponse`. What the golden shows to be wrong in it is taken out
(`mended`), as a person would who sees it fail there. What still fails on the golden already is its baseline
(`--baseline`), with Schemathesis' own identity of a failure; anything else that fails on the candidate is an alarm. A
response that is later than five times the golden's and a second is one, too (`max_response_time`), if it is so again.
"""

from __future__ import annotations

import copy
import json
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import schemathesis
from schemathesis.baseline.model import failure_identity
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

AT_ONCE = 4
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip

_LATE = "ResponseTimeExceeded"

Line = Mapping[str, Any]


def main(path: str) -> None:
    """Asks for each case: the golden twice, then the candidate."""
    whole = mended(json.loads(Path(path).read_text("utf-8")))
    lines = [json.loads(line) for line in sys.stdin]
    for line in lines:
        for request in line["requests"]:
            _operation(whole, request)  # before the threads
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for line, (said, why) in zip(lines, pool.map(lambda line: _judged(whole, line), lines), strict=True):
            print(json.dumps({"name": line["name"], "said": said, "why": why[:150]}), flush=True)


def _judged(whole: Any, line: Line) -> tuple[str, str]:
    if any(_operation(whole, request) is None for request in line["requests"]):
        return "not asked", "OpenAI's schema has no such operation"
    found = _failed(whole, line)
    # a machine may be busy for a moment: what was late and nothing else is asked again
    found = _failed(whole, line) if set(found) == {_LATE} else found
    return ("alarm", found[0]) if found else ("accepts", "")


def _failed(whole: Any, line: Line) -> list[str]:
    """What fails on the candidate, and not on the golden."""
    found: list[str] = []
    for request in line["requests"]:
        golden = [_asked(whole, line["golden"], request, None) for _ in range(2)]
        known = {identity for failures, _ in golden for identity in failures}
        slow = 5 * max(seconds for _, seconds in golden) + 1
        failures, _ = _asked(whole, line["candidate"], request, slow)
        found += [" ".join(identity[2:]).strip() for identity in failures if identity not in known]
    return found


def _asked(whole: Any, base_url: str, request: Any, slow: float | None) -> tuple[set[tuple[str, ...]], float]:
    """The failures of one response, and its seconds."""
    operation = _operation(whole, request)
    headers = {"Authorization": "Bearer bench-key-0001", "Content-Type": request["media"]}
    body = _document(request)
    case = operation.Case(headers=headers, **({} if body is None else {"body": body, "media_type": request["media"]}))
    # a form, and what is no JSON on purpose, go as they are
    raw = {"data": request["body"].encode()} if body is None and request["body"] else {}
    try:
        response = case.call(base_url=base_url, timeout=20, **raw)
    except Exception as error:  # what it reports as a network error fails a run
        return {("", "", type(error).__name__, "")}, 0.0
    failures: set[tuple[str, ...]] = set()
    try:
        case.validate_response(response, checks=CHECKS)
    except BaseExceptionGroup as group:
        failures = {failure_identity(failure, "") for failure in group.exceptions}
    if slow is not None and response.elapsed > slow:
        failures.add(("", "", _LATE, ""))
    return failures, response.elapsed


def _document(request: Any) -> Any:
    try:
        return json.loads(request["body"] or "null")
    except ValueError:
        return None


# -- the schema ---------------------------------------------------------------------------------


def mended(value: Any) -> Any:
    """Without `discriminator`, whose implied names its schemas do not have, and without a required key that is newer
    than the golden route."""
    match value:
        case dict():
            kept = {key: mended(one) for key, one in value.items() if key != "discriminator" or isinstance(one, str)}
            if isinstance(kept.get("required"), list):
                kept["required"] = [key for key in kept["required"] if key != "cache_write_tokens"]
            return kept
        case list():
            return [mended(one) for one in value]
        case _:
            return value


_MADE: dict[tuple[str, str, int], Any] = {}


def _operation(whole: Any, request: Any) -> Any:
    """The operation of a request in a schema of its own; None where there is none."""
    key = request["path"], request["method"], request["status"]
    if key not in _MADE:
        item = whole["paths"].get(request["path"])
        known = item is not None and request["method"].lower() in item
        _MADE[key] = _schema(whole, *key)[request["path"]][request["method"]] if known else None
    return _MADE[key]


def _schema(whole: Any, path: str, method: str, status: int) -> Any:
    operation = copy.deepcopy(whole["paths"][path][method.lower()])
    operation.pop("parameters", None) if method == "GET" else None
    operation["responses"] = {str(status): operation["responses"]["200"] if status < 400 else _REFUSAL}
    for media in operation["responses"][str(status)]["content"].items():
        _events(*media, done=not path.startswith("/responses"))
    made = {key: whole[key] for key in ("openapi", "info")} | {"paths": {path: {method.lower(): operation}}}
    made["components"] = {
        "schemas": {name: whole["components"]["schemas"][name] for name in _reached(whole, operation)}
    }
    return schemathesis.openapi.from_dict(made)


_REFUSAL = {
    "description": "a refusal",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorResponse"}}},
}


def _events(name: str, media: dict[str, Any], *, done: bool) -> None:
    """An event of a stream; `done`: one may be [DONE]."""
    if name == "text/event-stream" and "contentSchema" not in json.dumps(media):
        data: dict[str, Any] = {"type": "string", "contentMediaType": "application/json"}
        data["contentSchema"] = media["schema"]
        data = {"anyOf": [{"const": "[DONE]"}, data]} if done else data
        media["schema"] = {"type": "object", "required": ["data"], "properties": {"data": data}}


def _reached(whole: Any, start: Any) -> set[str]:
    """The names of the schemas that are referred to from there."""
    found: set[str] = set()
    open_ = list(_references(start))
    while open_:
        name = open_.pop()
        if name not in found:
            found.add(name)
            open_ += _references(whole["components"]["schemas"][name])
    return found


def _references(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for key, one in value.items():
                if key == "$ref" and isinstance(one, str):
                    yield one.rpartition("/")[2]
                elif key == "mapping":
                    yield from (text.rpartition("/")[2] for text in one.values() if isinstance(text, str))
                else:
                    yield from _references(one)
        case list():
            for one in value:
                yield from _references(one)


if __name__ == "__main__":
    main(sys.argv[1])
