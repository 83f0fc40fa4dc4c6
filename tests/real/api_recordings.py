"""Recordings for openai-python's tests of its API resources: bodies generated from the schemas of the SDK's own models.

The tests are generated from OpenAI's specification, as the models are, and expect a mock server that generates its
answers from it. Each row is one request in the fewest words that `gate serve` needs to know it again; what the tests
add to it (up to forty parameters, other roles, forms of clients) is for the matching of the server.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from gate.endpoints.schemas import violations
from gate.model import Exchange, Json, Request, Response, Severity
from gate.store.cassette import dump

_BASE = "https://api.openai.com/v1/"
_DEPTH = 12  # chosen: deeper than any answer of the API that does not contain itself

_SCHEMAS = """\
import importlib, json, sys
from pydantic import TypeAdapter
def found(name):
    module, _, attribute = name.rpartition(".")
    return getattr(importlib.import_module(module), attribute)
print(json.dumps({name: TypeAdapter(found(name)).json_schema() for name in sys.argv[1:]}))
"""


@dataclass(frozen=True)
class Row:
    """A request and the SDK's type of its answer ("": no content)."""

    name: str
    ask: str  # method and path
    answer: str = ""
    body: Mapping[str, Json] = field(default_factory=dict)
    file: str = ""  # the field of the file that is uploaded
    listed: bool = False  # a list of these
    schema: str = ""  # of our own, which must not contradict the SDK's model


_TEXT = {"messages": [{"role": "user", "content": "string"}]}
_TOOLS = {"tools": [{"type": "function", "function": {"name": "name"}}]}
_OTTER = {"prompt": "A cute baby sea otter"}
_BERET = {"prompt": "A cute baby sea otter wearing a beret"}
_ASKED = {"instructions": "instructions", "input": "string"}
_TOLD = {**_ASKED, "prompt": {"id": "id"}, "tools": [{"type": "function", "name": "name"}]}
_STREAM = {"stream": True}
_CHAT, _RESPONSES, _AUDIO = "openai.types.chat.", "openai.types.responses.", "openai.types.audio."
_RESPONSE = "resp_677efb5139a88190b512bc3fef8e535d"

ROWS = (
    Row("chat", "POST chat/completions", f"{_CHAT}ChatCompletion", _TEXT, schema="chat.completion"),
    Row("chat-tools", "POST chat/completions", f"{_CHAT}ChatCompletion", {**_TEXT, **_TOOLS}),
    Row(
        "chat-stream",
        "POST chat/completions",
        f"{_CHAT}ChatCompletionChunk",
        {**_TEXT, **_STREAM},
        schema="chat.completion.chunk",
    ),
    Row("chat-tools-stream", "POST chat/completions", f"{_CHAT}ChatCompletionChunk", {**_TEXT, **_TOOLS, **_STREAM}),
    Row("chat-stored", "GET chat/completions", f"{_CHAT}ChatCompletion", listed=True),
    Row("chat-read", "GET chat/completions/completion_id", f"{_CHAT}ChatCompletion"),
    Row("chat-update", "POST chat/completions/completion_id", f"{_CHAT}ChatCompletion", {"metadata": {}}),
    Row("chat-delete", "DELETE chat/completions/completion_id", f"{_CHAT}ChatCompletionDeleted"),
    Row("response", "POST responses", f"{_RESPONSES}Response", schema="response"),
    Row("response-told", "POST responses", f"{_RESPONSES}Response", _TOLD),
    Row("response-stream", "POST responses", f"{_RESPONSES}ResponseStreamEvent", _STREAM, schema="response.event"),
    Row("response-told-stream", "POST responses", f"{_RESPONSES}ResponseStreamEvent", {**_TOLD, **_STREAM}),
    Row("response-read", f"GET responses/{_RESPONSE}", f"{_RESPONSES}Response"),
    Row("response-read-stream", f"GET responses/{_RESPONSE}?stream=true", f"{_RESPONSES}ResponseStreamEvent"),
    Row("response-delete", f"DELETE responses/{_RESPONSE}"),
    Row("response-cancel", f"POST responses/{_RESPONSE}/cancel", f"{_RESPONSES}Response"),
    Row("response-compact", "POST responses/compact", f"{_RESPONSES}CompactedResponse"),
    Row("response-compact-told", "POST responses/compact", f"{_RESPONSES}CompactedResponse", _ASKED),
    Row("response-items", "GET responses/response_id/input_items", f"{_RESPONSES}ResponseItem", listed=True),
    Row("response-tokens", "POST responses/input_tokens", f"{_RESPONSES}InputTokenCountResponse"),
    Row(
        "response-tokens-told",
        "POST responses/input_tokens",
        f"{_RESPONSES}InputTokenCountResponse",
        {**_ASKED, "tools": _TOLD["tools"]},
    ),
    Row(
        "completion",
        "POST completions",
        "openai.types.Completion",
        {"prompt": "This is a test."},
        schema="completion",
    ),
    Row("completion-stream", "POST completions", "openai.types.Completion", {"prompt": "This is a test.", **_STREAM}),
    Row(
        "embeddings",
        "POST embeddings",
        "openai.types.CreateEmbeddingResponse",
        {"input": "The quick brown fox jumped over the lazy dog"},
        schema="embeddings",
    ),
    Row("models", "GET models", "openai.types.Model", listed=True),
    Row("model", "GET models/gpt-4o-mini", "openai.types.Model"),
    Row("model-delete", "DELETE models/ft:gpt-4o-mini:acemeco:suffix:abc123", "openai.types.ModelDeleted"),
    Row(
        "moderation",
        "POST moderations",
        "openai.types.ModerationCreateResponse",
        {"input": "I want to kill them."},
        schema="moderations",
    ),
    Row("image", "POST images/generations", "openai.types.ImagesResponse", _OTTER, schema="images"),
    Row("image-stream", "POST images/generations", "openai.types.ImageGenStreamEvent", {**_OTTER, **_STREAM}),
    Row("image-edit", "POST images/edits", "openai.types.ImagesResponse", _BERET, file="image"),
    Row(
        "image-edit-stream",
        "POST images/edits",
        "openai.types.ImageEditStreamEvent",
        {**_BERET, "stream": "true"},
        file="image",
    ),
    Row("image-variation", "POST images/variations", "openai.types.ImagesResponse", file="image"),
    Row(
        "transcription",
        "POST audio/transcriptions",
        f"{_AUDIO}Transcription",
        file="file",
        schema="audio.transcription",
    ),
    Row(
        "transcription-prompted",
        "POST audio/transcriptions",
        f"{_AUDIO}Transcription",
        {"prompt": "prompt"},
        file="file",
    ),
    Row(
        "transcription-stream",
        "POST audio/transcriptions",
        f"{_AUDIO}TranscriptionStreamEvent",
        {"stream": "true"},
        file="file",
    ),
    Row(
        "transcription-prompted-stream",
        "POST audio/transcriptions",
        f"{_AUDIO}TranscriptionStreamEvent",
        {"prompt": "prompt", "stream": "true"},
        file="file",
    ),
    Row("translation", "POST audio/translations", f"{_AUDIO}Translation", file="file"),
    Row("translation-prompted", "POST audio/translations", f"{_AUDIO}Translation", {"prompt": "prompt"}, file="file"),
)


def written(folder: Path, python: Path) -> None:
    """A cassette for each row. `python` is that of an environment with the SDK."""
    schemas = _schemas(python)
    for row in ROWS:
        (folder / row.name).mkdir(parents=True)
        recorded = _exchange(row, schemas.get(row.answer, {}))
        (folder / row.name / "cassette.yaml").write_text(dump({}, [recorded]), "utf-8")


def contradicted(python: Path) -> dict[str, list[str]]:
    """By our schema: what it calls breaking in an answer that is right by the SDK's model."""
    schemas = _schemas(python)
    found = {row.schema: violations(row.schema, _made(schemas[row.answer])) for row in ROWS if row.schema}
    breaking = {name: [v for v in every if v.severity is Severity.BREAKING] for name, every in found.items()}
    return {name: [f"{v.path}: {v.detail}" for v in every] for name, every in breaking.items() if every}


def _schemas(python: Path) -> dict[str, dict[str, Json]]:
    names = sorted({row.answer for row in ROWS if row.answer})
    done = subprocess.run([str(python), "-c", _SCHEMAS, *names], check=True, capture_output=True, text=True)
    schemas: dict[str, dict[str, Json]] = json.loads(done.stdout)
    return schemas


def _exchange(row: Row, schema: Mapping[str, Json]) -> Exchange:
    method, path = row.ask.split(" ")
    sent = httpx.Request(
        method,
        _BASE + path,
        headers={"authorization": "Bearer any"},
        data=dict(row.body) if row.file else None,
        files={row.file: ("upload", b"Example data")} if row.file else None,
        json=dict(row.body) if method == "POST" and not row.file else None,
    )
    request = Request(method, str(sent.url), tuple(sent.headers.items()), sent.read())
    return Exchange(request, _response(row, schema), scenario=row.name)


def _response(row: Row, schema: Mapping[str, Json]) -> Response:
    if not row.answer:
        return Response(204, "No Content", (), b"")
    made = _made(schema)
    if row.listed:
        made = {"object": "list", "data": [made], "has_more": False, "first_id": "first", "last_id": "last"}
    if "stream" in row.body or row.ask.endswith("stream=true"):
        events = b"data: " + json.dumps(made).encode() + b"\n\ndata: [DONE]\n\n"
        return Response(200, "OK", (("content-type", "text/event-stream"),), events)
    return Response(200, "OK", (("content-type", "application/json"),), json.dumps(made).encode())


# -- from a schema to a value -------------------------------------------------------------------


def _made(schema: Mapping[str, Json]) -> Json:
    """A value that the schema allows: every property, one item in each list, the first alternative that is no null.
    Deep down, where schemas contain themselves, only what is required."""
    return _value(schema, schema, 0)


def _value(schema: Mapping[str, Json], root: Mapping[str, Json], depth: int) -> Json:
    match schema:
        case {"$ref": str(name)}:
            return _value(root["$defs"][name.rpartition("/")[2]], root, depth)
        case {"const": value} | {"enum": [value, *_]}:
            return value
        case {"anyOf": options} | {"oneOf": options}:
            return _value(_option(options, depth), root, depth)
        case {"type": "object"}:
            return dict(_members(schema, root, depth + 1))
        case {"type": "array"}:
            return [_value(schema.get("items", {}), root, depth + 1)] if depth < _DEPTH else []
        case {"type": str(kind)}:
            return {"string": "text", "integer": 1, "number": 0.5, "boolean": False}.get(kind)
        case _:
            return "anything"


def _option(options: Sequence[Mapping[str, Json]], depth: int) -> Mapping[str, Json]:
    fitting = [one for one in options if (one.get("type") == "null") == (depth >= _DEPTH)]
    return (fitting or list(options))[0]


def _members(schema: Mapping[str, Json], root: Mapping[str, Json], depth: int) -> Iterator[tuple[str, Json]]:
    for name, node in schema.get("properties", {}).items():
        if depth < _DEPTH or name in schema.get("required", ()):
            yield name, _value(node, root, depth)
    if isinstance(schema.get("additionalProperties"), dict):
        yield "key", _value(schema["additionalProperties"], root, depth)
