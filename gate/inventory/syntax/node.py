"""The tree: a node has a kind, a word, and parts in the order of the source.

| kind | word | parts |
|---|---|---|
| name · text · number · constant · regex | what it says | |
| member | the attribute | the object; mark `?` where it is optional |
| index | | the object, the key; mark `?` |
| call | | the function, its arguments; mark `new` |
| keyword | the key, empty where it is computed | the value: of a call, or of a mapping |
| spread | | what is spread |
| list · mapping · template · other · block | | what is in it, a mapping's as keywords |
| compare | `==` `!=` `in` `not in` `is` `is not` `<`… | both sides |
| logic | `and` `or` `??` | the operands |
| not | | one |
| choose | | test, yes, no |
| assign | `=` or `+=` | target, value |
| function · class | its name | block of parameters (`name`, mark: the annotation), body |
| if | | test, block, block of else |
| loop | `for` or `while` | target, what is looped over, block; of `while`: test, block |
| switch | | subject, a block for each case (what it compares with first) |
| try | | block, handlers, block |
| handler | the variable | what it catches, block |
| leave | `raise`, `return`, `break`, `continue` | what is left with |
| assert | | the test |
| import | the module | `name` for each: what it is there, mark: what it is here |
| decorator | | the expression |
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class Node(NamedTuple):
    """One node. A tuple, because a large repository has millions of them."""

    kind: str
    line: int
    word: str = ""
    parts: tuple[Node, ...] = ()
    mark: str = ""


NOTHING = Node("block", 0)


class UnreadableError(Exception):
    """A file that can't be read as its language; the message says why."""


def inside(node: Node) -> Iterator[Node]:
    """A node and all below it, in no particular order."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        yield found
        waiting.extend(found.parts)
