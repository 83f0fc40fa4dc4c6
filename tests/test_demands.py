"""What requests demand of their answers, and schemas that are none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gate.model import MISSING
from gate.observe.breaches import Breach, breaches, read
from gate.observe.exchange import observe
from gate.observe.request import Output, Tool, forces_tool, offers_only, outline, output, tools
from tests.rules_table import ASK, TOOL, completion, plain

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "n": {"type": "integer"},
        "either": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "items": {"type": "array", "items": {"$ref": "#/$defs/item"}},
        "only": {"const": 1},
        "grade": {"enum": ["a", "b"]},
        "one": {"oneOf": [{"type": "string"}, {"type": "null"}]},
        "set": {"type": "array", "uniqueItems": True},
        "word": {"type": "string", "pattern": "(a+)+$"},
    },
    "required": ["n"],
    "additionalProperties": False,
    "$defs": {"item": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}},
}

BREACHES: tuple[tuple[Any, list[tuple[str, str, str]]], ...] = (
    ({"n": 1, "either": None, "items": [{"id": "x"}], "only": 1}, []),
    ({}, [("n", "required", "is missing")]),
    ({"n": "1"}, [("n", "type", "must be integer")]),
    ({"n": 1, "either": 2}, [("either", "type", "must be string or null")]),
    ({"n": 1, "items": [{"id": "x"}, {"id": 2}]}, [("items[1].id", "type", "must be string")]),
    ({"n": 1, "only": 2}, [("only", "const", "must be 1")]),
    ({"n": 1, "more": 2}, [("more", "additionalProperties", "is a key that the schema forbids")]),
    ([], [("", "type", "must be object")]),
    ({"n": 1, "grade": "d"}, [("grade", "enum", 'must be one of ["a", "b"]')]),
    ({"n": 1, "one": 2}, [("one", "type", "must be string or null")]),
    # comparing all pairs of a long list takes longer than anybody waits
    ({"n": 1, "set": [1, 1]}, []),
    # a pattern that needs longer than the universe has, on a text that the candidate chooses
    ({"n": 1, "word": "a" * 64 + "!"}, []),
)


@pytest.mark.parametrize(("value", "found"), BREACHES)
def test_breaches(value: Any, found: list[tuple[str, str, str]]) -> None:
    assert [(b.path, b.keyword, b.detail) for b in breaches(SCHEMA, value)] == found


@pytest.mark.parametrize(
    "schema",
    [
        MISSING,
        None,
        True,
        {"type": 5},
        {"properties": 3},
        {"items": [{"type": "string"}]},
        {"$ref": "#"},
        {"$ref": "http://127.0.0.1:9/schema"},
        {"$ref": "#/nowhere"},
        {"$schema": ["x"]},
    ],
    ids=repr,
)
def test_a_schema_that_is_none_demands_nothing(schema: Any) -> None:
    assert breaches(schema, {"x": [1]}) == ()


def test_breaches_are_bounded() -> None:
    assert len(breaches(SCHEMA, {f"key{i}": i for i in range(10_000)})) <= 20


def test_the_path_of_a_breach_stands_below_its_body() -> None:
    found = [b.below("body") for b in (*breaches(SCHEMA, {}), *breaches(SCHEMA, []))]
    found += [b.below("body") for b in breaches({"items": {"type": "string"}}, [1])]
    assert found == ["body.n", "body", "body[0]"]


READ: tuple[tuple[str, Any, str], ...] = (
    ('{"a": 1}', {"a": 1}, ""),
    ("null", None, ""),
    ('{"a": ', MISSING, "Expecting value"),
    ('{"a": NaN}', MISSING, "NaN is no JSON"),
    ("[" * 100_000, MISSING, "nested too deep"),
    ("9" * 5000, MISSING, "Exceeds the limit"),
)


@pytest.mark.parametrize(("text", "value", "fault"), READ, ids=[text[:12] for text, _, _ in READ])
def test_texts_are_read_strictly(text: str, value: Any, fault: str) -> None:
    found = read(text)
    assert (found.value, found.fault[: len(fault)], bool(found.fault)) == (value, fault, bool(fault))


def asking(**more: Any) -> Any:
    return observe(plain(completion(), {**ASK, **more}))


def test_tools_of_chat_of_responses_and_of_old() -> None:
    flat = {"type": "function", "name": "f", "parameters": {"type": "object"}, "strict": True}
    found = tools(asking(tools=[TOOL, flat, {"type": "web_search"}, 7], functions=[{"name": "g"}, {"name": 8}]))
    assert list(found) == ["get_weather", "f", "g"]
    assert found["f"] == Tool("f", {"type": "object"}, True)
    assert found["g"] == Tool("g", MISSING, False)
    assert tools(asking(tools="all")) == {}


def test_built_in_tools_are_told_from_functions() -> None:
    assert offers_only(asking(tools=[TOOL]), {"function"})
    assert not offers_only(asking(tools=[TOOL, {"type": "web_search"}]), {"function"})


OUTPUTS: tuple[tuple[dict[str, Any], Output | None], ...] = (
    ({}, None),
    ({"response_format": {"type": "text"}}, None),
    ({"response_format": "json"}, None),
    ({"response_format": {"type": "json_object"}}, Output({"type": "object"}, False)),
    ({"response_format": {"type": "json_schema", "json_schema": {"schema": {}, "strict": True}}}, Output({}, True)),
    ({"text": {"format": {"type": "json_schema", "name": "v", "schema": {}}}}, Output({}, False)),
    ({"response_format": {"type": "json_schema"}}, Output(MISSING, False)),
)


@pytest.mark.parametrize(("more", "wanted"), OUTPUTS, ids=[json.dumps(more)[:60] for more, _ in OUTPUTS])
def test_the_output_that_a_request_asks_for(more: dict[str, Any], wanted: Output | None) -> None:
    assert output(asking(**more)) == wanted


@pytest.mark.parametrize(
    ("keyword", "of_shape"), [("type", True), ("required", True), ("enum", False), ("additionalProperties", False)]
)
def test_what_typed_clients_reject_without_strict(keyword: str, of_shape: bool) -> None:
    assert Breach("", keyword, "", 1).of_shape == of_shape


@pytest.mark.parametrize(
    ("choice", "forced"),
    [
        ("required", True),
        ("any", True),
        ("auto", False),
        (None, False),
        ({"type": "function", "function": {"name": "get_weather"}}, True),
        ({"type": "allowed_tools", "mode": "auto", "tools": []}, False),
        ({"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": []}}, True),
    ],
)
def test_whether_a_call_is_demanded(choice: Any, forced: bool) -> None:
    assert forces_tool(observe(plain(completion(), {**ASK, "tools": [TOOL], "tool_choice": choice}))) == forced


@pytest.mark.parametrize(
    ("sent", "outlined"),
    [
        ({"role": "assistant", "content": "Hi"}, {"role": "assistant"}),
        ({"role": "tool", "tool_call_id": "call_1", "content": "12"}, {"role": "tool", "content": "12"}),
        ({"type": "function_call_output", "call_id": "call_1", "output": "12"},
         {"type": "function_call_output", "output": "12"}),
        ({"type": "item_reference", "id": "msg_1"}, {"type": "item_reference"}),
        ({"model": "m", "previous_response_id": "resp_1"}, {"model": "m"}),
        ({"type": "reasoning", "encrypted_content": "x"}, {"type": "reasoning"}),
        ({"type": "function_call", "name": "f", "arguments": "{}"}, {"type": "function_call"}),
        ({"type": "mcp_approval_request", "name": "f", "arguments": "{}"}, {"type": "mcp_approval_request"}),
        ({"type": "mcp_list_tools", "server_label": "s", "tools": []}, {"type": "mcp_list_tools"}),
        ([{"type": "message", "role": "user"}], [{"type": "message", "role": "user"}]),
    ],
)  # fmt: skip
def test_what_a_request_echoes_is_left_out(sent: Any, outlined: Any) -> None:
    assert outline(sent) == outlined
