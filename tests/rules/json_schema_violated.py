"""json-schema-violated: JSON that the request's schema forbids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gate.model import Exchange
from tests.rules_table import ASK, HELLO, Row, chunk, completion, plain, stream

SCHEMA = {
    "type": "object",
    "properties": {
        "verdict": {"type": "string"},
        "score": {"type": "integer"},
        "grade": {"enum": ["a", "b", None]},
        "tags": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["verdict", "score"],
    "additionalProperties": False,
}
GOOD = '{"verdict": "ok", "score": 1}'
RESPONSES = "/v1/responses"


def wants(schema: Any = SCHEMA, **more: Any) -> Mapping[str, Any]:
    asked = {"name": "v", "schema": schema, **more}
    return {**ASK, "response_format": {"type": "json_schema", "json_schema": asked}}


def said(text: str | None, request: Mapping[str, Any] | None = None, finish: str = "stop", **message: Any) -> Exchange:
    return plain(completion({"content": text, **message}, finish), wants() if request is None else request)


def responded(text: str, strict: bool = False) -> Exchange:
    part = {"type": "output_text", "text": text, "annotations": []}
    item = {"type": "message", "id": "msg_1", "status": "completed", "role": "assistant", "content": [part]}
    usage = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
    head = {"id": "resp_1", "object": "response", "created_at": 1, "model": "m", "status": "completed"}
    asked = {"type": "json_schema", "name": "v", "schema": SCHEMA, "strict": strict}
    request = {"model": "m", "input": "Hi", "text": {"format": asked}}
    return plain({**head, "output": [item], "usage": usage}, request, url=RESPONSES)


def streamed(*parts: str) -> Exchange:
    return stream(HELLO[0], *(chunk({"content": part}) for part in parts), HELLO[-1], request=wants())


def at(key: str, severity: str = "breaking") -> tuple[str]:
    return (f"{severity} choices[0].message.content{key}",)


JSON_OBJECT = {**ASK, "response_format": {"type": "json_object"}}
STRICT = wants(strict=True)

CASES = (
    Row("SO07: a number as text", said(GOOD), said('{"verdict": "ok", "score": "1"}'), at(".score")),
    Row(
        "SO07: a required key is missing (mealie-recipes/mealie 8133)",
        said(GOOD),
        said('{"verdict": "ok"}'),
        at(".score"),
    ),
    Row("SO07: a list at the top", said(GOOD), said("[1]"), at("")),
    Row("SO07: null where the schema forbids it", said(GOOD), said('{"verdict": null, "score": 1}'), at(".verdict")),
    Row("SO07: a wrong item", said(GOOD), said('{"verdict": "", "score": 1, "tags": ["a", 2]}'), at(".tags[1]")),
    Row("SO07: an extra key", said(GOOD), said('{"verdict": "", "score": 1, "why": 2}'), at(".why", "risky")),
    Row(
        "SO07: a duplicate key",
        said(GOOD, STRICT),
        said('{"verdict": "ok", "score": 1, "verdict": "bad"}', STRICT),
        at("", "risky"),
    ),
    Row(
        "SO07: an extra key under strict",
        said(GOOD, STRICT),
        said('{"verdict": "", "score": 1, "why": 2}', STRICT),
        at(".why"),
    ),
    Row("SO07 in a stream", streamed(GOOD), streamed('{"verdict": "ok", ', '"score": "1"}'), at(".score")),
    Row(
        "SO07 in the Responses API",
        responded(GOOD, True),
        responded('{"verdict": "ok", "score": true}', True),
        ("breaking output.score",),
    ),
    Row("json_object asks for an object", said("{}", JSON_OBJECT), said("[]", JSON_OBJECT), at("")),
    Row(
        "SO07, benign twin: another value that the schema permits, null where it may be",
        said('{"verdict": "ok", "score": 1, "grade": "a"}'),
        said('{"verdict": "bad", "score": 2, "grade": null}'),
    ),
    Row(
        "the golden breaks its schema in the same way",
        said('{"verdict": 1, "score": 1}'),
        said('{"verdict": 2, "score": 1}'),
    ),
    Row("a schema that is not one", said("{}", wants({"type": 5})), said("[]", wants({"type": 5}))),
    Row("without a schema nothing is required", said("{}", ASK), said("[]", ASK)),
)
