"""A file's tree by functions: what each of them holds of every kind, and what stands around it. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from gate.inventory.syntax.node import NOTHING, Node

# chosen: a chain of a thousand `elif` is that deep, and what stands so far out says nothing of a line
MOST_ABOVE = 100


class Above(NamedTuple):
    """One step up: the node above, and which of its parts we come from."""

    node: Node
    slot: int
    above: Above | None


class Found(NamedTuple):
    """A node, and what stands above it in its function."""

    node: Node
    above: Above | None

    def ancestors(self) -> Iterator[tuple[Node, int]]:
        """From the inside out: the node above, and which of its parts leads here; the nearest MOST_ABOVE of them."""
        above = self.above
        for _ in range(MOST_ABOVE):
            if not above:
                return
            yield above.node, above.slot
            above = above.above


@dataclass(eq=False)
class Scope:
    """A function, or the file itself. `found` has its nodes by kind, in the order of the source."""

    node: Node
    parent: Scope | None = None
    # what stands above the function itself: the `try` that a callback is defined in, say
    above: Above | None = None
    found: dict[str, list[Found]] = field(default_factory=lambda: defaultdict(list))
    values: dict[str, list[Node]] = field(default_factory=lambda: defaultdict(list))

    def all(self, kind: str) -> list[Found]:
        """Every node of a kind that is in this function and in no function inside."""
        return self.found.get(kind, [])

    @cached_property
    def parameters(self) -> Mapping[str, Node]:
        """Those of the function by their names."""
        return {one.word: one for one in self.node.parts[0].parts} if self.node.kind == "function" else {}

    @cached_property
    def keys(self) -> Mapping[str, list[tuple[str, Node]]]:
        """What objects get later, by their name: `params["stop"] = stop`, `params.stop = stop`."""
        found: dict[str, list[tuple[str, Node]]] = defaultdict(list)
        for one in self.all("assign"):
            target, value = one.node.parts
            if target.kind == "index" and target.parts[1].kind == "text":
                found[target.parts[0].word].append((target.parts[1].word, value))
            elif target.kind == "member" and target.parts[0].kind == "name":
                found[target.parts[0].word].append((target.word, value))
        return found

    def outward(self) -> Iterator[Scope]:
        """This function, the one around it, and so on to the file."""
        scope: Scope | None = self
        while scope:
            yield scope
            scope = scope.parent


def scopes(root: Node) -> list[Scope]:
    """The file itself first, then its functions in the order of the source."""
    module = Scope(root)
    made = [module]
    waiting: list[tuple[Node, Above | None, Scope]] = [(root, None, module)]
    while waiting:
        node, above, scope = waiting.pop()
        if node.kind == "function":
            scope = Scope(node, scope, above)
            made.append(scope)
            above = None
        elif node.kind not in _DULL:
            scope.found[node.kind].append(Found(node, above))
            if node.kind in ("assign", "loop"):
                _note(scope, node)
        # the last part first, so that the first is the next to come
        below = range(len(node.parts) - 1, -1, -1)
        waiting.extend([(node.parts[slot], Above(node, slot, above), scope) for slot in below])
    return made


# what nobody asks for by its kind
_DULL = frozenset({"block", "other", "constant", "number", "name"})

ELEMENT = "[]"


def _note(scope: Scope, node: Node) -> None:
    """What a name stands for: `values` has the value, for a loop's an `index` into what is looped over."""
    if node.kind == "loop" and node.word == "for":
        target, looped = _enumerated(node.parts[0], node.parts[1])
        _name(scope, target, Node("index", node.line, "", (looped, Node("number", node.line, ELEMENT)), "each"))
    elif node.kind == "assign" and node.word == "=" and node.parts[1] is not NOTHING:
        _name(scope, node.parts[0], node.parts[1])


def _enumerated(target: Node, looped: Node) -> tuple[Node, Node]:
    """`for n, one in enumerate(many)` is `for one in many`."""
    counted = looped.kind == "call" and looped.parts[0].word == "enumerate" and len(looped.parts) > 1
    if counted and target.kind == "list" and len(target.parts) == 2:
        return target.parts[1], looped.parts[1]
    return target, looped


def _name(scope: Scope, target: Node, value: Node) -> None:
    if target.kind == "name":
        scope.values[target.word].append(value)
    elif target.kind == "other" and len(target.parts) == 1:  # `const x`
        _name(scope, target.parts[0], value)
    elif target.kind == "member" and target.parts[0].word in ("self", "this"):
        scope.values[f"self.{target.word}"].append(value)
    elif target.kind == "mapping":  # `const {a, b: c} = value`
        for pair in target.parts:
            _name(scope, pair.parts[0], Node("member", pair.line, pair.word, (value,)))
