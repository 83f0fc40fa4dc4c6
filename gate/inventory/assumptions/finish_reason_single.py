"""One value of `finish_reason` decides: routes send `stop` beside tool calls (TL16), or their own words (S15, S16)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from gate.inventory.answers import Answers, mentioned
from gate.inventory.assumptions import Kind, Line
from gate.inventory.syntax.node import Node, inside
from gate.inventory.syntax.scopes import Found

KIND = Kind(
    "finish-reason-single",
    "one value of finish_reason decides, and no other is looked at",
    ("TL16", "S15", "S16"),
    "decide by what the answer holds (`tool_calls`, the end of the stream), or handle the other values too",
)
_CALLS = frozenset({"tool_calls", "toolCalls", "function_call", "functionCall"})
_WORDS = ("finish_reason", "finishReason", "finish_reasons")
# `length` and `content_filter` alone are a warning that someone writes, and everything else goes on
_DECIDING = {
    "stop": "any other reason, such as `length` or a route's own word, is not told from a failure",
    "tool_calls": "tool calls under `stop` are never run",
    "tool-calls": "tool calls under `stop` are never run",
    "function_call": "calls under `stop` or `tool_calls` are never run",
}


def find(answers: Answers) -> Iterator[Line]:
    """The comparisons of a file that knows one value only."""
    if not answers.about_api:
        return
    found = [(one, value) for scope in answers.source.scopes for one, value in _compared(scope.all("compare"))]
    cases = [
        node.word
        for scope in answers.source.scopes
        for one in scope.all("switch")
        if mentioned(one.node.parts[0], *_WORDS)
        for case in one.node.parts[1:]
        for node in inside(case)
        if node.kind == "text"
    ]
    values = {value for _, value in found} | set(cases)
    if len(values) == 1 and (said := _DECIDING.get(*values, "")):  # type: ignore[call-overload]
        for one, value in found:
            if not _also_by_calls(one, answers):
                yield one.node.line, f"only {value!r} is looked for: {said}", "warning"


def _compared(compares: list[Found]) -> Iterator[tuple[Found, str]]:
    for found in compares:
        subject, other = _sides(found.node)
        if subject is not None and other is not None:
            for node in inside(other):
                if node.kind == "text":
                    yield found, node.word


def _sides(compare: Node) -> tuple[Node | None, Node | None]:
    for subject, other in (compare.parts, compare.parts[::-1]):
        last = subject.parts[1] if subject.kind == "index" else subject
        if last.word in _WORDS:
            return subject, other
    return None, None


def _also_by_calls(found: Found, answers: Answers) -> bool:
    """Whether the same condition asks for the calls themselves too."""
    joined = [node for node, _ in found.ancestors() if node.kind == "logic"]
    return any(answers.once("asks for calls", node, partial(_asks_for_calls, node)) for node in joined)


def _asks_for_calls(node: Node) -> bool:
    return any(one.word in _CALLS and one.kind in ("name", "member") for one in inside(node))
