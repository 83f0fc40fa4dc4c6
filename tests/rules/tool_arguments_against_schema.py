"""tool-arguments-against-schema: what the tool's own schema forbids."""

from __future__ import annotations

import json
from typing import Any

from gate.model import Exchange
from tests.rules_table import ASK, Row, call, completion, plain

SCHEMA = {
    "type": "object",
    "properties": {
        "city": {"type": "string"},
        "days": {"type": "integer"},
        "unit": {"enum": ["celsius", "fahrenheit"]},
        "near": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    },
    "required": ["city"],
    "additionalProperties": False,
}


def called(arguments: Any, schema: Any = SCHEMA, strict: bool = False) -> Exchange:
    tool = {"type": "function", "function": {"name": "get_weather", "strict": strict, "parameters": schema}}
    message = {"content": None, "tool_calls": [call(json.dumps(arguments))]}
    return plain(completion(message, "tool_calls"), {**ASK, "tools": [tool], "tool_choice": "required"})


def at(key: str, severity: str = "breaking") -> tuple[str]:
    return (f"{severity} choices[0].message.tool_calls[0].function.arguments.{key}",)


GOOD = {"city": "Paris", "days": 3}

CASES = (
    Row("a number as text (openrouter-chat-j-52780ae894)", called(GOOD), called({**GOOD, "days": "3"}), at("days")),
    Row("a required key is missing", called(GOOD), called({"days": 3}), at("city")),
    Row("a type that no branch of anyOf allows", called(GOOD), called({**GOOD, "near": 5}), at("near")),
    Row("an extra key", called(GOOD), called({**GOOD, "id": "x"}), at("id", "risky")),
    Row(
        "an extra key under strict",
        called(GOOD, strict=True),
        called({**GOOD, "id": "x"}, strict=True),
        at("id"),
    ),
    Row("an unknown value", called(GOOD), called({**GOOD, "unit": "kelvin"}), at("unit", "risky")),
    Row(
        "SO07's benign twin: another value of the enum, null where it may be",
        called(GOOD),
        called({"city": "Rome", "unit": "celsius", "near": None}),
    ),
    Row("the golden breaks its schema in the same way", called({"days": 3}), called({"days": 4})),
    Row(
        "a schema that is not one requires nothing",
        called(GOOD, {"type": 5, "$ref": "#/x"}),
        called({}, {"type": 5, "$ref": "#/x"}),
    ),
    Row(
        "an external schema is not fetched",
        called(GOOD, {"$ref": "http://127.0.0.1:9/x"}),
        called({}, {"$ref": "http://127.0.0.1:9/x"}),
    ),
    Row("a recursive schema", called(GOOD, {"$ref": "#"}), called({}, {"$ref": "#"})),
)
