"""What protects an access: a test of the same thing in its function, an optional chain, or a handler around it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from gate.inventory.answers import Answers
from gate.inventory.names import names
from gate.inventory.syntax.node import Node, inside
from gate.inventory.syntax.scopes import Found, Scope

_CAUGHT = names("IndexError LookupError KeyError AttributeError TypeError Exception BaseException")
_SIZES = frozenset({"length", "size", "count"})


def tests(scope: Scope) -> Iterator[Node]:
    """Everything that a function, or one around it, decides by."""
    for around in scope.outward():
        for kind in ("if", "choose", "assert", "switch", "not"):
            yield from (found.node.parts[0] for found in around.all(kind))
        yield from (found.node.parts[0] for found in around.all("loop") if found.node.word == "while")
        for found in around.all("logic"):  # the last operand is what the others protect
            yield from found.node.parts[:-1]


def checked(word: str, scope: Scope, answers: Answers) -> bool:
    """Whether a function tests `word` (`choices`, `usage`), or what it has named so, anywhere."""
    return answers.once(
        f"checked {word}", scope, lambda: any(_checks(test, word, scope, answers) for test in tests(scope))
    )


def _checks(test: Node, word: str, scope: Scope, answers: Answers) -> bool:
    waiting: list[tuple[Node, Node | None]] = [(test, None)]
    while waiting:
        node, parent = waiting.pop()
        if _is(node, word, scope, answers) and not _read_through(node, parent):
            return True
        waiting += [(part, node) for part in node.parts]
    return False


def _is(node: Node, word: str, scope: Scope, answers: Answers) -> bool:
    if node.kind == "name" and node.word != word:
        found = answers.read(node, scope)
        return bool(found and found.steps[-1:] == (word,))
    return node.word == word and node.kind in ("name", "member", "text")


def _read_through(node: Node, parent: Node | None) -> bool:
    """`choices[0]` and `usage.total_tokens` are accesses that need the test themselves."""
    if parent is None or not parent.parts or parent.parts[0] is not node:
        return False
    if parent.kind == "member":
        return parent.mark != "?" and parent.word not in _SIZES
    return parent.kind == "index" and parent.mark != "?"


def caught(found: Found, scope: Scope, answers: Answers) -> bool:
    """Whether what is raised here is caught in the same function, or around where the function is written."""
    places: list[Found] = [found, *(Found(around.node, around.above) for around in scope.outward())]
    return any(
        slot == 0 and node.kind == "try" and answers.once("caught", node, partial(_catches_any, node))
        for place in places
        for node, slot in place.ancestors()
    )


def _catches_any(attempt: Node) -> bool:
    return any(_catches(part) for part in attempt.parts)


def _catches(part: Node) -> bool:
    if part.kind != "handler":
        return False
    caught_types = part.parts[0]
    names = {node.word for node in inside(caught_types)} - {""}
    return not names or bool(names & _CAUGHT)


def optional(found: Found) -> bool:
    """`usage?.total_tokens`, `choices?.[0]`, `choices[0]?.delta`: an optional chain at the access, or right after."""
    after = next(found.ancestors(), None)
    return found.node.mark == "?" or bool(after and after[0].mark == "?" and after[1] == 0)
