"""The words of an error decide: every provider has its own, and a gateway rewrites them (ER14, ER20, ER25)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.inventory.answers import Answers
from gate.inventory.assumptions import Kind, Line
from gate.inventory.sdks import package
from gate.inventory.source import assigned, dotted, nearest, spelled
from gate.inventory.syntax.node import Node, inside
from gate.inventory.syntax.scopes import Found, Scope

KIND = Kind(
    "error-message-matched",
    "the words of an error's message decide what happens",
    ("ER14", "ER20", "ER25"),
    "decide by the exception's class, its status, or `error.code`",
)
_MESSAGE = "a route that says it in other words is not understood"
_PATTERNS = frozenset({"search", "match", "fullmatch", "findall", "test"})
_ASKING = frozenset({"includes", "match", "startsWith", "startswith", "indexOf", "find", "search"})


def find(answers: Answers) -> Iterator[Line]:
    """Tests of a message, in the handler of something that calls the API."""
    for scope in answers.source.scopes if answers.about_api else ():
        for found in (*scope.all("compare"), *scope.all("call")):
            handler = _handler(found)
            if handler and _matched(found.node, handler.word, scope) and _of_the_api(found, handler, answers):
                yield found.node.line, _MESSAGE, "warning"


def _handler(found: Found) -> Node | None:
    return next((node for node, slot in found.ancestors() if node.kind == "handler" and node.word and slot == 1), None)


def _of_the_api(found: Found, handler: Node, answers: Answers) -> bool:
    """Whether what is handled is an error of an SDK, or comes from a call site."""
    for node in inside(handler.parts[0]):
        if package(dotted(node, answers.source), answers.source.ecosystem):
            return True
    attempt = next((node for node, _ in found.ancestors() if node.kind == "try"), None)
    return attempt is not None and answers.once("calls", attempt, lambda: _calls(attempt, answers))


def _calls(attempt: Node, answers: Answers) -> bool:
    return any(id(node) in answers.calls for node in inside(attempt.parts[0]))


def _matched(node: Node, error: str, scope: Scope) -> bool:
    if node.kind == "compare":
        left, right = node.parts
        if node.word in ("in", "not in"):
            return left.kind == "text" and _message(right, error, scope)
        return node.word == "==" and right.kind == "text" and _message(left, error, scope)
    function, *arguments = node.parts
    if function.kind != "member" or not arguments:
        return False
    if function.word in _ASKING and _message(function.parts[0], error, scope):
        return True
    return function.word in _PATTERNS and any(_message(part, error, scope) for part in arguments)


def _message(node: Node, error: str, scope: Scope, steps: int = 4) -> bool:
    """`str(e)`, `e.message`, `e.message.toLowerCase()`, `e.args[0]`, or a name for one of them."""
    if not steps:  # `text = text.lower()` stands for itself
        return False
    if node.kind == "name" and node.word != error:
        return any(_message(value, error, scope, steps - 1) for value in nearest(assigned(node, scope), node.line))
    if node.kind == "call":
        function, *arguments = node.parts
        if function.word in ("str", "String", "repr", "format_exc") and len(arguments) == 1:
            return arguments[0].word == error
        return (
            function.kind == "member"
            and function.word in ("lower", "toLowerCase", "toString", "strip")
            and (function.parts[0].word == error or _message(function.parts[0], error, scope, steps - 1))
        )
    if node.kind == "logic":
        return any(_message(part, error, scope, steps - 1) for part in node.parts)
    return spelled(node) in (f"{error}.message", f"{error}.error.message", f"{error}.body.message")
