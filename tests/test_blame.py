"""The place of a refused parameter, in every form in which servers name it."""

from __future__ import annotations

import json

import pytest

from gate.model import Json
from gate.observe.refusal import place

SENT = (
    "model",
    "messages",
    "tools",
    "max_tokens",
    "temperature",
    "stream_options",
    "response_format",
    "n",
    "stop",
    "input",
)


def error(message: str, **fields: Json) -> Json:
    return {"error": {"message": message, **fields}}


PYDANTIC = [{"type": "extra_forbidden", "loc": ["body", "stream_options"], "msg": "Extra inputs are not permitted"}]
DEEP = [{"type": "missing", "loc": ["body", "messages", 1, "content"], "msg": "Field required"}]
NATIVE = "[{'type': 'extra_forbidden', 'loc': ('body', 'tools', 0, 'strict'), 'msg': 'Extra inputs are not permitted'}]"
ONE_ERROR = (
    "1 validation error for ChatCompletionRequest\\nstream_options\\n  Extra inputs are not permitted [type=extra]"
)

FORMS: list[tuple[str, Json, str]] = [
    ("OpenAI", error("Unsupported parameter", param="max_tokens", code="unsupported_parameter"), "max_tokens"),
    ("OpenAI, an index", error("Invalid value", param="messages[0].content"), "messages[0].content"),
    ("OpenAI, no param", error("Unrecognized request argument supplied: stream_options", param=None), "stream_options"),
    ("OpenAI, unknown", error("Unknown parameter: 'messages[1].refusal'.", param=None), "messages[1].refusal"),
    (
        "Azure",
        error("Invalid 'tools[0].function.name': empty", param="tools[0].function.name"),
        "tools[0].function.name",
    ),
    ("Azure, inner", {"error": {"code": "BadRequest", "message": "The request field `n` is unsupported"}}, "n"),
    (
        ".NET",
        error("The JSON value could not be converted. Path: $.messages[0].content | LineNumber: 0"),
        "messages[0].content",
    ),
    ("FastAPI", {"detail": PYDANTIC}, "stream_options"),
    ("FastAPI, deep", {"detail": DEEP}, "messages[1].content"),
    (
        "vLLM",
        {"object": "error", "message": NATIVE, "type": "BadRequestError", "param": None, "code": 400},
        "tools[0].strict",
    ),
    ("vLLM, in an envelope", error(NATIVE, param=None), "tools[0].strict"),
    ("pydantic's text", error(ONE_ERROR.replace("\\n", "\n")), "stream_options"),
    (
        "LiteLLM",
        error(f"litellm.BadRequestError: OpenAIException - {json.dumps({'detail': PYDANTIC})}"),
        "stream_options",
    ),
    ("LiteLLM, a list", error("UnsupportedParamsError: groq does not support parameters: ['n'], for model=x"), "n"),
    (
        "Anthropic",
        {"type": "error", "error": {"message": "messages.1.content: Input should be a list"}},
        "messages[1].content",
    ),
    ("Anthropic, short", {"type": "error", "error": {"message": "max_tokens: Field required"}}, "max_tokens"),
    (
        "Groq",
        error("'messages.0' : for 'role:user' the following must be satisfied[('messages.0.content')]"),
        "messages[0]",
    ),
    ("Groq, a property", error("property 'stream_options' is unsupported"), "stream_options"),
    ("llama.cpp", error("Unsupported param: tools", code=500), "tools"),
    ("llama.cpp, a field", error('"response_format" type must be one of "text"', code=400), "response_format"),
    (
        "Mistral",
        {"object": "error", "message": {"detail": PYDANTIC}, "type": "invalid_request_error"},
        "stream_options",
    ),
    ("Cerebras", {"message": "body.temperature: must be at most 1", "param": "temperature"}, "temperature"),
    ("a pointer", {"error": {"message": "no", "pointer": "#/messages/0/content"}}, "messages[0].content"),
    ("JSON:API", {"error": {"message": "no", "source": {"pointer": "/stop"}}}, "stop"),
    ("a pointer in words", error("Schema violation at '/messages/1'"), "messages[1]"),
    ("plain text", "temperature: must be 1", "temperature"),
    ("what was not sent", error("Missing required parameter: 'seed'.", param="seed"), ""),
    ("a model in quotes", error("The model 'stop-gap' is overloaded"), ""),
    ("a URL", error("see https://docs.test/api/messages/errors for help"), ""),
    ("prose", error("I could not read the tools that you sent"), ""),
    ("odd types", {"error": {"message": 3, "param": ["n"]}, "detail": [3, {"loc": "body"}]}, ""),
    ("no object", [], ""),
]


@pytest.mark.parametrize(("why", "document", "path"), FORMS, ids=[row[0] for row in FORMS])
def test_the_place_is_read_from_every_form(why: str, document: Json, path: str) -> None:
    assert place(document, SENT) == path


def test_only_some_parameters_are_looked_for_in_words() -> None:
    assert place(error("'tools' need 'temperature' 1"), SENT, ["temperature"]) == "temperature"
    assert place(error("no 'tools'", param="tools"), SENT, []) == "tools"
