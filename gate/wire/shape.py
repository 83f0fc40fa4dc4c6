"""The shape algebra: values → path: JSON types, presence and emptiness.

A path writes `[]` for every index. Null, missing and empty are three different things: null is a type, missing
shows as `seen < parents`, and empty strings, lists and objects are counted.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Hashable, Iterable, Mapping

from gate.model import MISSING, Field, Json, Shape

# Both chosen; no source. Answers in golden/ nest 9 levels and have 54 paths. A list costs `_walk` two calls a level,
# and Python stops at 1,000.
MAX_DEPTH = 64  # deeper values are hostile; what lies below is not looked at
MAX_PATHS = 4000  # an object used as a map with endless keys

_TYPES: Mapping[type, str] = {
    type(None): "null",
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    dict: "object",
    list: "array",
}
# Strings are missing on purpose: an empty one counts as empty, and must be looked at one by one.
_SCALARS = frozenset({type(None), bool, int, float})


class _Node:
    """One path while it is being counted."""

    __slots__ = ("children", "empty", "items", "objects", "seen", "types")

    def __init__(self) -> None:
        self.types: set[str] = set()
        self.seen = self.objects = self.empty = 0
        self.children: dict[str, _Node] = {}
        self.items: _Node | None = None


TYPES = frozenset({*_TYPES.values(), "nan"})
"""What `type_of` says of a value that is there."""


def type_of(value: Json) -> str:
    """The JSON type; `nan` for a number that JSON cannot hold, `missing` for MISSING."""
    if isinstance(value, float) and not math.isfinite(value):
        return "nan"
    return "missing" if value is MISSING else _TYPES.get(type(value), "string")


def shape(values: Iterable[Json]) -> Shape:
    """The shape over all values: of one body, or of every chunk of a stream."""
    return counted((value, 1) for value in values)


def counted(values: Iterable[tuple[Json, int]]) -> Shape:
    """The shape over values, each counted as often as its number says: chunks of one signature are walked once."""
    root = _Node()
    for value, times in values:
        _walk(root, value, times, 0)
    fields: dict[str, Field] = {}
    _flatten(root, "", fields)
    return fields


def _walk(node: _Node, value: Json, times: int, depth: int) -> None:
    node.seen += times
    node.types.add(type_of(value))
    if isinstance(value, dict):
        node.objects += times
        if not value:
            node.empty += times
        if depth < MAX_DEPTH:
            for key, child in value.items():
                _walk(_child(node, key), child, times, depth + 1)
    elif isinstance(value, list):
        if not value:
            node.empty += times
        elif depth < MAX_DEPTH:
            _walk_items(node, value, times, depth)
    # 0 and false are values; only "" looks like absent to a client (S02, ST06)
    elif value == "":
        node.empty += times


def _child(node: _Node, key: str) -> _Node:
    child = node.children.get(key)
    if child is None:
        # past the bound all further keys of an object share one path
        key = key if len(node.children) < MAX_PATHS else "*"
        child = node.children.setdefault(key, _Node())
    return child


def _walk_items(node: _Node, value: list[Json], times: int, depth: int) -> None:
    if node.items is None:
        node.items = _Node()
    kinds = set(map(type, value))
    if kinds <= _SCALARS:  # a vector: 1,536 numbers at the speed of C
        node.items.seen += times * len(value)
        node.items.types.update(_TYPES[kind] for kind in kinds)
        if float in kinds and not _finite(value):
            node.items.types.add("nan")
        return
    for item in value:
        _walk(node.items, item, times, depth + 1)


def _finite(values: list[Json]) -> bool:
    try:
        return all(map(math.isfinite, filter(None, values)))
    except OverflowError:  # an integer of hundreds of digits: finite, but no float holds it
        return all(math.isfinite(value) for value in values if type(value) is float)


def _flatten(node: _Node, path: str, fields: dict[str, Field]) -> None:
    for key, child in node.children.items():
        where = f"{path}.{key}" if path else key
        fields[where] = Field(frozenset(child.types), child.seen, node.objects, child.empty)
        _flatten(child, where, fields)
    if node.items is not None:
        where = f"{path}[]"
        fields[where] = Field(frozenset(node.items.types), node.items.seen, node.items.seen, node.items.empty)
        _flatten(node.items, where, fields)


# Chunks of one stream mostly differ in their texts and numbers alone. Two values with the same signature break
# the same schema rules, so that each is validated once. Values of keys with a closed vocabulary stay in it.
# The keys under which the schemas have an enum or a const that depends on the value (S03, ST06, S15, S24).
_CLOSED = frozenset({"object", "role", "type", "finish_reason", "service_tier", "status", "reason"})


_LEAVES: Mapping[type, str] = {type(None): "null", bool: "boolean", int: "integer"}


def signature(value: Json, depth: int = 0) -> Hashable:
    """A hashable stand-in for a JSON value that leaves out what its shape does not depend on."""
    kind = type(value)
    if kind is dict and depth < MAX_DEPTH:
        return _of_object(value, depth)
    if kind is str:
        return "string" if value else ""
    if kind is list and depth < MAX_DEPTH:
        return _of_list(value, depth)
    return _LEAVES.get(kind) or type_of(value)


def _of_object(value: dict[str, Json], depth: int) -> Hashable:
    """Keys and their values in turn. Most values are leaves, and a call each would take time."""
    parts: list[Hashable] = []
    for key, held in value.items():
        kind = type(held)
        parts.append(key)
        if kind is str:
            # a text that reads like a type is not that type: "null" as a finish_reason is no null
            parts.append(("text", held) if key in _CLOSED else "string" if held else "")
        else:
            parts.append(_LEAVES.get(kind) or signature(held, depth + 1))
    return tuple(parts)


def _of_list(value: list[Json], depth: int) -> Hashable:
    kinds = set(map(type, value))
    if kinds and kinds <= _SCALARS:  # a vector, at the speed of C
        finite = float not in kinds or _finite(value)
        return (list, finite, frozenset(kinds))
    # Most lists of a chunk have one item (choices, tool_calls): its place is then known without _MANY.
    if len(value) == 1:
        return (list, signature(value[0], depth + 1))
    return (list, _MANY, *dict.fromkeys([signature(item, depth + 1) for item in value]))


_MANY = object()


def uncounted(key: Hashable) -> bool:
    """Whether a signature stands for lists that need not have the same items at the same places."""
    return isinstance(key, tuple) and ((key[:2] == (list, _MANY)) or any(map(uncounted, key)))


def show(value: Json, limit: int = 160) -> str:
    """A value as evidence: JSON text, `absent` for MISSING, bounded."""
    # The default of 160 is chosen: about one line and a half of a terminal; no source.
    text = "absent" if value is MISSING else _json(value)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _json(value: Json) -> str:
    try:
        # allow_nan: NaN is what number-not-json has to show
        return json.dumps(value, ensure_ascii=False, allow_nan=True)
    except (ValueError, RecursionError, TypeError):
        return repr(type(value).__name__)


def indexless(path: str) -> str:
    """`choices[0].message` → `choices[].message`: the path as shapes and fingerprints write it."""
    return re.sub(r"\[\d+\]", "[]", path)
