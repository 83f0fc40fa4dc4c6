"""What `tests/mutate.py` changes in a module: its numbers, the members of its lists, the alternatives of its patterns.

Left out are the numbers that change no finding: places in a list, 0 and 1 inside functions, what only messages and
evidence show (f-strings, `show`), and sizes of caches. Whether a limit itself is inside is left out as well: no time and
no share hits it, and a whole number beside it is one of those that are tried.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_SMALL = 20  # below it a number changes by one, from it on by a tenth
_GROUP = re.compile(r"\((?:\?(?:[:=!>]|<[=!]|P<\w+>|[a-zA-Z-]+:))?")  # how a group starts
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)


@dataclass(frozen=True)
class Spot:
    """One thing that can be changed: what it is, in which function or assignment, and what becomes of it; `change` does
    it to the tree that it was found in."""

    where: str
    line: int
    was: str
    new: str
    change: Callable[[], None]


def spots(tree: ast.Module) -> Iterator[Spot]:
    """All of a module, in the order of its source."""
    for statement in tree.body:
        if isinstance(statement, ast.Import | ast.ImportFrom | ast.Expr):
            continue
        where = _name(statement)
        if where not in ("RULE", "RULES"):
            yield from _within(statement, where, isinstance(statement, ast.FunctionDef | ast.ClassDef))


def _name(statement: ast.stmt) -> str:
    match statement:
        case ast.FunctionDef() | ast.ClassDef():
            return statement.name
        case ast.Assign(targets=[ast.Name(id=name), *_]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
        case ast.Assign(targets=[ast.Tuple(elts=names)]):
            return ", ".join(ast.unparse(each) for each in names)
    return ""


def _within(node: ast.AST, where: str, in_function: bool) -> Iterator[Spot]:
    match node:
        case ast.JoinedStr():
            return
        case ast.Subscript():
            yield from _within(node.value, where, in_function)
            return
        case ast.Call(func=ast.Name(id="show")):
            yield from _within(node.args[0], where, in_function)
            return
        case ast.Call(func=ast.Attribute(value=ast.Name(id="re"))) if _text(node.args[0]):
            yield from _pattern(node.args[0], where)  # type: ignore[arg-type]
        case ast.Call(func=ast.Name(id="frozenset" | "set"), args=[ast.Constant(value=str())]):
            yield from _characters(node.args[0], where)  # type: ignore[arg-type]
        case ast.Return(value=ast.Tuple() as value) | ast.Yield(value=ast.Tuple() as value):
            # several values, and no list of words
            for each in value.elts:
                yield from _within(each, where, in_function)
            return
        case ast.Constant(value=value) if type(value) in (int, float) and not (in_function and value in (0, 1)):
            yield from _number(node, where)
        case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[ast.Tuple() as held]) if _literal(held.elts):
            yield from _within(node.left, where, in_function)
            yield from _members(held, held.elts, where)
            return
        case ast.Tuple() | ast.List() | ast.Set() if _listed(node):
            yield from _members(node, node.elts, where)
            return
        case ast.Dict() if _words(node.keys):
            yield from (_entry(node, key, where) for key in node.keys)  # type: ignore[arg-type]
    decorators = getattr(node, "decorator_list", [])
    annotations = [getattr(node, "returns", None), getattr(node, "annotation", None)]
    for child in ast.iter_child_nodes(node):
        if child not in decorators and child not in annotations and not isinstance(child, ast.arguments):
            yield from _within(child, where, in_function)


# -- numbers ----------------------------------------------------------------------------------------


def _number(node: ast.Constant, where: str) -> Iterator[Spot]:
    number: Any = node.value
    for value in beside(number):
        yield Spot(where, node.lineno, repr(number), repr(value), _setter(node, "value", value))


def beside(value: float) -> tuple[float, float]:
    """A number a little above it, and one below."""
    if isinstance(value, int):
        step = 1 if abs(value) < _SMALL else max(1, abs(value) // 10)
        return value + step, value - step
    # a share near the whole: half of what is left of it
    distance = (1 - value) / 2 if 0.5 < value < 1 else value / 10
    # twelve digits, so that 0.7 + 0.07 is 0.77
    return float(f"{value + distance:.12g}"), float(f"{value - distance:.12g}")


# -- lists ------------------------------------------------------------------------------------------


def _literal(elements: Sequence[ast.expr]) -> bool:
    """Words, numbers and what is empty, or pairs of these; no variables."""
    plain = (ast.Constant, ast.List, ast.Dict, ast.Tuple)
    return len(elements) > 1 and all(isinstance(element, plain) for element in elements)


def _words(elements: Sequence[ast.expr | None]) -> bool:
    words = [e.value for e in elements if isinstance(e, ast.Constant) and type(e.value) in (str, int)]
    return 1 < len(elements) == len(words)


def _listed(node: ast.Tuple | ast.List | ast.Set) -> bool:
    """A list of words: no pair of numbers, which are two limits, each with a meaning of its own."""
    figures = isinstance(node, ast.Tuple) and all(
        isinstance(e, ast.Constant) and type(e.value) is int for e in node.elts
    )
    return _words(node.elts) and not figures


def _members(holder: Any, elements: Sequence[ast.expr], where: str) -> Iterator[Spot]:
    for member in elements:
        yield Spot(where, member.lineno, ast.unparse(member), "gone", functools.partial(holder.elts.remove, member))


def _entry(holder: ast.Dict, key: ast.expr, where: str) -> Spot:
    def without() -> None:
        at = holder.keys.index(key)
        del holder.keys[at], holder.values[at]

    return Spot(where, key.lineno, ast.unparse(key), "gone", without)


def _characters(node: ast.Constant, where: str) -> Iterator[Spot]:
    text: Any = node.value
    for char in text:
        yield Spot(where, node.lineno, repr(char), "gone", _setter(node, "value", text.replace(char, "")))


# -- patterns ---------------------------------------------------------------------------------------


def _text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _pattern(node: ast.Constant, where: str) -> Iterator[Spot]:
    pattern: Any = node.value
    for words, rest in alternatives(pattern):
        yield Spot(where, node.lineno, repr(words), "gone", _setter(node, "value", rest))


def alternatives(pattern: str) -> Iterator[tuple[str, str]]:
    """Each alternative of a regular expression, with the expression less it; those of inner groups first."""
    groups = [[0]]
    at = 0
    while at < len(pattern):
        if pattern[at] == "\\":
            at += 2
        elif inside := _CLASS.match(pattern, at):
            at = inside.end()
        elif opened := _GROUP.match(pattern, at):
            groups.append([at := opened.end()])
        else:
            at += 1
            if pattern[at - 1] == "|":
                groups[-1].append(at)
            elif pattern[at - 1] == ")":
                yield from _without_each(pattern, groups.pop(), at - 1)
    yield from _without_each(pattern, groups[0], len(pattern))


def _without_each(pattern: str, starts: Sequence[int], end: int) -> Iterator[tuple[str, str]]:
    ends = [*(start - 1 for start in starts[1:]), end]
    if len(starts) > 1:
        parts = [pattern[a:b] for a, b in zip(starts, ends, strict=True)]
        for place, part in enumerate(parts):
            yield part, pattern[: starts[0]] + "|".join(parts[:place] + parts[place + 1 :]) + pattern[end:]


def _setter(node: ast.AST, name: str, value: Any) -> Callable[[], None]:
    return lambda: setattr(node, name, value)
