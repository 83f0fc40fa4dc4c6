"""Deltas of one call: how they join, and what later ones lack that SDKs read without a check."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gate.endpoints import member
from gate.model import Json, Problem, ProblemCode
from gate.wire.shape import show


def is_named(call: Json) -> bool:
    """Whether a delta names its function, or its custom tool."""
    name = member(member(call, "function"), "name") or member(member(call, "custom"), "name")
    return isinstance(name, str) and bool(name)


def blanks(known: dict[str, Any], call: dict[str, Any], path: str, frame: int) -> Iterator[Problem]:
    """What a later delta of an open call says with nothing in it; the API leaves such members out."""
    # a first delta without an id is TL04: later ones repeat what was never there
    if call.get("id") == "" and known.get("id"):
        yield Problem(ProblemCode.TOOL_ID_BLANK, f"{path}.id", frame, '""')
    function = member(call, "function")
    # with a name it is the whole call once more, which other problems tell
    if known.get("id") and call.get("id") == known["id"] and not is_named(call):
        yield Problem(ProblemCode.TOOL_ID_REPEATED, f"{path}.id", frame, show(call["id"], 60))
    if member(function, "name") == "" and is_named(known):
        yield Problem(ProblemCode.TOOL_NAME_BLANK, f"{path}.function.name", frame, '""')
    # a custom tool has `custom` in its place, and a delta that only repeats the id is no fragment
    if not function and "custom" not in call and "custom" not in known:
        yield Problem(ProblemCode.TOOL_FUNCTION_BARE, f"{path}.function", frame, show(function))
    if member(function, "arguments") is None:
        yield Problem(ProblemCode.TOOL_ARGUMENTS_NULL, f"{path}.function.arguments", frame, "null")


def join_call(known: dict[str, Any], part: dict[str, Any]) -> None:
    """The legacy `function_call`, or a custom tool: its name comes once, its arguments or its input in pieces."""
    for key, value in part.items():
        before = known.get(key)
        if key in ("arguments", "input") and isinstance(value, str) and isinstance(before, str):
            known[key] = before + value
        elif value not in (None, "") or key not in known:
            known[key] = value
