"""`tool_calls` that is there and empty (TL31): a list without calls beside a text is truthy in JavaScript, and not None
in Python."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from gate.inventory.answers import Answers, mentioned
from gate.inventory.assumptions import Kind, Line
from gate.inventory.syntax.node import Node, inside
from gate.inventory.syntax.scopes import Scope

KIND = Kind(
    "tool-calls-truthy",
    "an empty tool_calls counts as a call",
    ("TL31", "TL32"),
    "ask for its length",
)
_MESSAGE = "an answer with an empty tool_calls is taken for one with calls"


def find(answers: Answers) -> Iterator[Line]:
    """The branches that an empty list takes for calls, where the branch leaves, or has another."""
    script = answers.source.ecosystem == "npm"
    for scope in answers.source.scopes if answers.about_api else ():
        for kind in ("if", "choose"):
            for found in scope.all(kind):
                test, yes, no = found.node.parts
                if (
                    _taken(test, script)
                    and not answers.once("sized", scope, partial(_sized, scope))
                    and (no.parts or kind == "choose" or _leaves(yes))
                ):
                    yield found.node.line, _MESSAGE, "warning"


def _taken(test: Node, script: bool) -> bool:
    """Whether an empty list passes a test: a bare member in JavaScript, `is not None` or `in` in Python."""
    if test.kind == "logic" and test.word == "and":
        return not _asks_size(test) and any(_taken(part, script) for part in test.parts)
    if script:
        return _named(test)
    if test.kind != "compare":
        return False
    left, right = test.parts
    none = right.kind == "constant" and right.word == "None"
    return (test.word == "is not" and none and _named(left)) or (
        test.word == "in" and left.kind == "text" and left.word == "tool_calls"
    )


def _named(node: Node) -> bool:
    # deltas of a stream are added up; an empty list adds nothing
    return node.kind == "member" and node.word == "tool_calls" and not mentioned(node, "delta", "chunk")


def _asks_size(test: Node) -> bool:
    return any(node.word in ("length", "len") for node in inside(test))


def _sized(scope: Scope) -> bool:
    """Whether the function asks for the length of `tool_calls` anywhere."""
    sizes = [found.node for found in scope.all("member") if found.node.word == "length"]
    sizes += [found.node for found in scope.all("call") if found.node.parts[0].word == "len"]
    return any(mentioned(node, "tool_calls") for node in sizes)


def _leaves(block: Node) -> bool:
    return any(node.kind == "leave" and node.word in ("return", "break", "raise") for node in inside(block))
