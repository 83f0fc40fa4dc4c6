"""Paths of shapes: taken apart, followed through values, and told apart by type."""

from __future__ import annotations

from typing import Any

import pytest

from gate.endpoints.schemas import knowledge
from gate.model import MISSING
from gate.wire.paths import at, by_type, cause, json_path, name, of_type, parent, places, untyped
from gate.wire.shape import shape

DONE = "<response.output_item.done>.item.<message>.content[].<output_text>.text"


@pytest.mark.parametrize(
    ("path", "above", "last"),
    [
        ("usage", "", "usage"),
        ("choices[]", "choices", "[]"),
        ("choices[].delta.content", "choices[].delta", "content"),
        (DONE, "<response.output_item.done>.item.<message>.content[].<output_text>", "text"),
        ("<response.created>", "", "<response.created>"),
        ("", "", ""),
    ],
)
def test_a_path_has_a_parent_and_a_name(path: str, above: str, last: str) -> None:
    assert (parent(path), name(path)) == (above, last)


@pytest.mark.parametrize(
    ("path", "plain", "typed", "common"),
    [
        ("choices[].delta", "choices[].delta", "choices[].delta", "choices[].delta"),
        (DONE, "item.content[].text", "item.content[].<output_text>.text", "<output_text>.text"),
        ("<response.completed>.response.usage", "response.usage", "response.usage", "response.usage"),
        ("output[].<message>.status", "output[].status", "output[].<message>.status", "<message>.status"),
    ],
)
def test_types_leave_a_path(path: str, plain: str, typed: str, common: str) -> None:
    assert (untyped(path), of_type(path), cause(path)) == (plain, typed, common)


@pytest.mark.parametrize(
    ("value", "path", "found"),
    [
        ({"a": [{"b": 1}, {}, 3, None]}, "a[].b", [("a[0].b", 1), ("a[1].b", MISSING)]),
        ({"a": None}, "a", [("a", None)]),
        ({"a": {}}, "a.b.c", []),
        ({"a": "text"}, "a[].b", []),
        ({"o": [{"type": "x", "k": 1}, {"type": "y"}]}, "o[].<y>.k", [("o[1].k", MISSING)]),
        ([], "a", []),
    ],
)
def test_places_are_where_an_object_could_hold_the_path(value: Any, path: str, found: list[tuple[str, Any]]) -> None:
    assert list(places(value, path)) == found


def test_shapes_tell_types_apart() -> None:
    items = [{"type": "message", "status": "completed"}, {"type": "reasoning"}]
    found = shape((by_type({"output": items}),))
    assert found["output[].<message>.status"].always
    assert "output[].<reasoning>.status" not in found


def test_a_type_cannot_end_its_own_word() -> None:
    assert list(by_type({"type": "a>.b<"})) == ["<a).b(>"]


def test_events_know_what_responses_know() -> None:
    known = knowledge.__wrapped__("response.event")  # not as an untraced test may have left it
    assert known["response.usage"].annotations["x-missing"] == "breaking"
    assert known["item.<message>.status"].annotations["x-missing"] == "breaking"
    assert known["part.text"].types == {"string"}


@pytest.mark.parametrize(
    ("value", "path", "result"),
    [
        ({"choices": [{"message": {"content": "hi"}}]}, "choices[0].message.content", "hi"),
        ([{"message": 1}], "[0].message", 1),
        ({"a": None}, "a", None),
        ({"a": 1}, "", {"a": 1}),
        ({"a": [1]}, "a[1]", MISSING),
        ({"a": [1]}, "a[]", [1]),
        ({"a": [1]}, "a.b", MISSING),
        ({"a": [1]}, "a[²]", MISSING),
        ({"a": "text"}, "a[0]", MISSING),
        ({"0": "key"}, "[0]", "key"),
        ({}, "a.b", MISSING),
    ],
)
def test_a_concrete_path_is_followed_to_one_value(value: Any, path: str, result: Any) -> None:
    assert at(value, path) == result


def test_keys_and_indexes_are_written_as_a_path() -> None:
    assert json_path(["choices", 0, "message"]) == "choices[0].message"
    assert json_path([0, "a"]) == "[0].a"
    assert json_path([]) == ""
