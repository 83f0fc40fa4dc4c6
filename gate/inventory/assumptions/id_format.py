"""Ids with a fixed prefix or length: routes have their own, some of 9 letters, some none (S02, TL22, TL34)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gate.inventory.answers import Answers
from gate.inventory.assumptions import Kind, Line
from gate.inventory.syntax.node import Node

KIND = Kind(
    "id-format",
    "an id must have one provider's prefix or length",
    ("S02", "TL22", "TL34"),
    "treat ids as opaque texts",
)
_PREFIX = re.compile(r"\^?(chatcmpl-|cmpl-|call_|resp_|msg_|fc_|rs_)")
_IDS = re.compile(r"(^|_)(tool_call|call|response|completion|message|item)_?[iI]d$")


def find(answers: Answers) -> Iterator[Line]:
    """Tests of an id against a prefix, a pattern or a length."""
    for scope in answers.source.scopes if answers.about_api else ():
        for found in scope.all("call"):
            if prefix := _prefix(found.node):
                yield (
                    found.node.line,
                    f"ids of other providers do not begin with {prefix!r}",
                    "warning",
                )
        for found in scope.all("compare"):
            if any(_length(*sides) for sides in (found.node.parts, found.node.parts[::-1])):
                yield found.node.line, "ids of other providers have other lengths", "warning"


def _prefix(call: Node) -> str:
    """The prefix that `id.startswith("call_")`, `re.match("^call_", id)` or `/^call_/.test(id)` asks for."""
    function, *arguments = call.parts
    if function.kind != "member" or not arguments:
        return ""
    if function.word in ("startswith", "startsWith"):
        pattern, subject = arguments[0], function.parts[0]
    elif function.word in ("match", "fullmatch") and len(arguments) > 1:
        pattern, subject = arguments[0], arguments[1]
    elif function.word == "test":
        pattern, subject = function.parts[0], arguments[0]
    else:
        return ""
    match = _PREFIX.match(pattern.word.lstrip("/")) if pattern.kind in ("text", "regex") else None
    return match[1] if match and _is_id(subject) else ""


def _length(sized: Node, number: Node) -> bool:
    """`len(call.id) == 24`, `call.id.length > 9`."""
    if number.kind != "number" or number.word in ("0", "1"):  # whether there is one at all
        return False
    if sized.kind == "member" and sized.word == "length":
        return _is_call_id(sized.parts[0])
    return (
        sized.kind == "call" and sized.parts[0].word == "len" and len(sized.parts) == 2 and _is_call_id(sized.parts[1])
    )


def _is_id(node: Node) -> bool:
    return node.word.lower().endswith("id") or (node.kind == "index" and node.parts[1].word.endswith("id"))


def _is_call_id(node: Node) -> bool:
    if node.kind == "index":
        node = node.parts[1]
    if node.kind == "member" and node.word == "id":
        return node.parts[0].word in ("tool_call", "toolCall", "call", "tc", "completion", "response", "chunk")
    return bool(_IDS.search(node.word))
