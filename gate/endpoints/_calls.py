"""Deltas of one call: how they join, and what later ones lack that SDKs read without a check."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gate.endpoints import member
from gate.model import MISSING, Json, Problem, ProblemCode
from gate.wire.shape import show

# https://platform.openai.com/docs/api-reference/chat/streaming: what a call has by its type, and its text within
BODIES = {"function": "arguments", "custom": "input"}


def body_of(call: Json) -> tuple[str, Json]:
    """(key, value) of what a delta says of its function, or of its custom tool."""
    key = "custom" if "custom" in call and "function" not in call else "function"
    return key, member(call, key)


def is_named(call: Json) -> bool:
    """Whether a delta names its function, or its custom tool."""
    name = member(member(call, "function"), "name") or member(member(call, "custom"), "name")
    return isinstance(name, str) and bool(name)


def blanks(known: dict[str, Any], call: dict[str, Any], path: str, frame: int) -> Iterator[Problem]:
    """What a later delta of an open call says with nothing in it; the API leaves such members out."""
    # a first delta without an id is TL04: later ones repeat what was never there
    if call.get("id") == "" and known.get("id"):
        yield Problem(ProblemCode.TOOL_ID_BLANK, f"{path}.id", frame, '""')
    # with a name it is the whole call once more, which other problems tell
    if known.get("id") and call.get("id") == known["id"] and not is_named(call):
        yield Problem(ProblemCode.TOOL_ID_REPEATED, f"{path}.id", frame, show(call["id"], 60))
    key, body = body_of(call)
    # a padding delta has no type: the call itself says which of the two it lacks
    key = "custom" if known.get("type") == "custom" and body is MISSING else key
    yield from body_blanks(known, body, f"{path}.{key}", frame)


def body_blanks(known: dict[str, Any], body: Json, path: str, frame: int) -> Iterator[Problem]:
    """The same of a later delta's function, custom tool or legacy `function_call`; `known` is the call so far."""
    if member(body, "name") == "" and is_named(known):
        yield Problem(ProblemCode.TOOL_NAME_BLANK, f"{path}.name", frame, '""')
    if not body or not isinstance(body, dict):
        yield Problem(ProblemCode.TOOL_FUNCTION_BARE, path, frame, show(body, 60))
    for text in BODIES.values():
        if member(body, text) is None:
            yield Problem(ProblemCode.TOOL_ARGUMENTS_NULL, f"{path}.{text}", frame, "null")
