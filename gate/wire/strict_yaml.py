"""YAML that nobody trusts, as plain values: one document, unique text keys, bounded depth and aliases, lines.

PyYAML's own composer calls itself once per nesting level in C, so a file of `[[[[…` ends the process. Here libyaml
only makes events (its parser keeps its stack on the heap) and the values are built in one loop, with limits.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import yaml
from yaml import events

from gate.errors import GateError
from gate.model import Json
from gate.text.safe import line

# An empty dict of CPython takes 64 bytes: the weight of a node with no text in it.
NODE = 64
"""Characters that one node counts in `Dialect.max_expanded`, so that "billion laughs" end early."""

Place = tuple[str | int, ...]
"""Mapping keys and list indexes from the root of a document to a value."""

_TAG = "tag:yaml.org,2002:"
# vcrpy 9 writes these two for request bodies that were file objects or iterators.
_BYTESIO, _ITER = _TAG + "python/object/new:_io.BytesIO", _TAG + "python/object/apply:builtins.iter"
_TEXTS, _LISTS, _DICTS = {_TAG + "str", "!"}, {_TAG + "seq", "!"}, {_TAG + "map", "!"}
_PYTHON_TEXTS, _PYTHON_LISTS = {_TAG + "python/str", _TAG + "python/unicode"}, {_TAG + "python/tuple"}
_VALUES = {_TAG + kind for kind in ("int", "float", "bool", "null")}
# A fast path for what both YAML versions read alike. Up to 18 digits with no leading zero (YAML 1.1: octal); longer
# numbers and other forms go to the resolver.
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(\.[0-9]{1,30})?")
# Plain scalars that start otherwise are text in both versions of YAML, with no need to ask the resolver.
_RESOLVABLE = frozenset("-+.0123456789~nNyYtTfFoO=<")

Yaml11: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Scalars as PyYAML and vcrpy read and write them, but for dates, which stay text."""


class Yaml12(Yaml11):  # type: ignore[misc] # chosen at run time
    """Scalars of YAML 1.2 that JSON has: `off`, `no` and `2027-03-01` stay the texts that they look like."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 (PyYAML's own form)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _resolve(kind: str, pattern: str, first: str, value: Callable[[str], Json]) -> None:
    Yaml12.add_implicit_resolver(_TAG + kind, re.compile(pattern), list(first))
    Yaml12.add_constructor(_TAG + kind, lambda _, node: value(node.value))


# https://yaml.org/spec/1.2.2/#103-core-schema, less the words that JSON does not have
_resolve("null", r"^(?:~|null|)$", "~n", {"null": None, "~": None, "": None}.__getitem__)
Yaml12.yaml_implicit_resolvers[""] = [(_TAG + "null", re.compile("^$"))]
_resolve("bool", r"^(?:true|false)$", "tf", {"true": True, "false": False}.__getitem__)
# 300 digits: what is longer reads as a float, and beyond 1.8e308 `_finite` refuses it. That also keeps `int` below the
# 4,300 digits at which Python raises: https://docs.python.org/3/library/stdtypes.html#int-max-str-digits
_resolve("int", r"^[-+]?[0-9]{1,300}$", "-+0123456789", int)
# `.inf` and `.nan` of the schema are left out: JSON has neither (RFC 8259, section 6), so they stay text
_resolve("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789", _finite)


@dataclass(frozen=True, slots=True)
class Dialect:
    """What one kind of file may hold, and the error for everything else.

    `max_bytes` of the file, `max_depth` in levels, `max_expanded` characters that aliases may add in all (0: none).
    `max_nodes` values, keys and collections in all: below the limit of bytes still many minutes of work.
    `text_keys`: a plain key that is a number or null is an error, and otherwise its text.
    `recorded`: `!!binary` is bytes, and the tags that vcrpy gives to texts, tuples and bodies are taken off.
    """

    loader: type[Any]
    error: type[GateError]
    fix: str
    max_bytes: int
    max_depth: int
    max_expanded: int
    text_keys: bool = True
    recorded: bool = False
    max_nodes: int = 8_000_000


class Lined(dict[str, Json]):
    """A mapping that knows the line (from 1) where it starts."""

    __slots__ = ("line",)
    line: int


def parse(raw: bytes | str, file: str, dialect: Dialect) -> Json:
    """One document as dicts (`Lined`), lists and scalars; None for an empty one. Aliases share their value.

    Raises the dialect's error, with file:line, for anything else.
    """
    return _Builder(raw, file, dialect).build()


def parse_lined(raw: bytes | str, file: str, dialect: Dialect) -> tuple[Json, dict[Place, int]]:
    """The document as plain dicts and lists, aliases copied, and the line (from 1) of every key and list item."""
    builder = _Builder(raw, file, dialect, lined=True)
    value = builder.build()
    lines: dict[Place, int] = {}
    number = next(iter(builder.lines.get(id(builder.root), ())), 1)
    return builder.copied(value, (), number, lines), lines


class _Open:
    """A collection whose end has not come yet. `key` is the text of a key that waits for its value; None before a key.

    A list has no keys, and is always ready for a value.
    """

    __slots__ = ("anchor", "height", "key", "tag", "value", "weight")

    def __init__(self, value: Any, anchor: str | None, tag: str | None, weight: int) -> None:
        self.value, self.anchor, self.tag, self.weight = value, anchor, tag, weight
        self.key: str | None = "" if type(value) is list else None
        self.height = 1  # levels of collections, this one included


class _Builder:
    """Turns YAML events into plain values."""

    def __init__(self, raw: bytes | str, file: str, dialect: Dialect, *, lined: bool = False) -> None:
        self.raw, self.file, self.dialect, self.lined = raw, file, dialect, lined
        recorded, self.text_keys, self.max_depth = dialect.recorded, dialect.text_keys, dialect.max_depth
        self.texts = _TEXTS | _PYTHON_TEXTS if recorded else _TEXTS
        self.lists = _LISTS | _PYTHON_LISTS if recorded else _LISTS
        self.dicts = _DICTS | {_BYTESIO, _ITER} if recorded else _DICTS
        self.root: list[Json] = []
        self.stack = [_Open(self.root, None, None, 0)]
        self.anchors: dict[str, tuple[Any, int, int]] = {}  # value, weight, height
        self.lines: dict[int, list[int]] = {}  # id of a collection → lines of its keys or items
        self.weight = self.expanded = self.documents = 0

    def error(self, what: str, event: Any, fix: str = "") -> GateError:
        return self.dialect.error(what, where=f"{self.file}:{event.start_mark.line + 1}", fix=fix or self.dialect.fix)

    def build(self) -> Any:
        if len(self.raw) > self.dialect.max_bytes:
            what = f"the file is larger than {self.dialect.max_bytes:,} bytes"
            raise self.dialect.error(what, where=self.file, fix=self.dialect.fix)
        try:
            self.loader = self.dialect.loader(self.raw)
            self.run()
        except yaml.YAMLError as error:
            raise self.syntax_error(error) from error
        return self.root[0] if self.root else None

    def run(self) -> None:
        starts: Mapping[type[Any], Callable[[Any], None]] = {
            events.ScalarEvent: self.scalar,
            events.MappingStartEvent: self.open_mapping,
            events.SequenceStartEvent: self.open_sequence,
            events.AliasEvent: self.alias,
        }
        steps = {
            **({event: partial(self.noted, step) for event, step in starts.items()} if self.lined else starts),
            events.MappingEndEvent: self.close,
            events.SequenceEndEvent: self.close,
            events.DocumentStartEvent: self.document,
        }
        next_event, left = self.loader.get_event, self.dialect.max_nodes
        while type(event := next_event()) is not events.StreamEndEvent:
            if step := steps.get(type(event)):
                step(event)
                left -= 1
                if left < 0:
                    raise self.error(f"more than {self.dialect.max_nodes:,} values", event)

    def syntax_error(self, error: yaml.YAMLError) -> GateError:
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
        mark, offset = getattr(error, "problem_mark", None), getattr(error, "position", None)
        number = mark.line + 1 if mark else None
        if number is None and isinstance(offset, int):
            raw = self.raw.encode() if isinstance(self.raw, str) else self.raw
            number = raw.count(b"\n", 0, offset) + 1
        where = f"{self.file}:{number}" if number else self.file
        return self.dialect.error(f"not valid YAML: {line(problem, 120)}", where=where, fix=self.dialect.fix)

    def document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            raise self.error("a second YAML document starts here", event)

    def place(self, value: Any, event: Any) -> None:
        """Put a finished value into the collection that is open."""
        top = self.stack[-1]
        if type(top.value) is list:
            top.value.append(value)
        elif top.key is None:
            raise self.error("a mapping key is not text", event)
        else:
            top.value[top.key] = value
            top.key = None

    # -- scalars --------------------------------------------------------------------------------

    def scalar(self, event: Any) -> None:
        text = event.value
        self.weight += NODE + len(text)
        top = self.stack[-1]
        if top.key is None:
            self.key(top, text, event)
            return
        value = text if event.style and event.tag is None else self.scalar_value(event)
        if event.anchor:
            self.anchors[event.anchor] = (value, NODE + len(text), 0)
        if type(top.value) is list:  # as `place` does; most events are scalars, and a call takes time
            top.value.append(value)
        else:
            top.value[top.key] = value
            top.key = None

    def key(self, top: _Open, text: str, event: Any) -> None:
        if text in top.value:
            raise self.error(f"duplicate key `{line(text, 60)}`", event, self.first(top, text))
        if not event.style:
            # `<<: *a` overrides keys without a sign in the text: a reviewer would not see which value holds
            if text == "<<":
                raise self.error("merge keys are not accepted", event)
            if self.text_keys and not isinstance(self.scalar_value(event), str):
                raise self.error(f"the key {line(text, 60)} is not text", event, 'quote it: "…"')
        top.key = text

    def first(self, top: _Open, key: str) -> str:
        return f"line {self.lines[id(top.value)][list(top.value).index(key)]} has it already" if self.lined else ""

    def scalar_value(self, event: Any) -> Any:
        tag, text = event.tag, event.value
        if tag is None and (not text or text[0] in _RESOLVABLE):
            if number := _NUMBER.fullmatch(text):
                return float(text) if number[1] else int(text)
            tag = self.loader.resolve(yaml.ScalarNode, text, (True, False))
        if tag is None or tag in self.texts:
            return text
        if tag in _VALUES:
            return self.typed(tag, event)
        if event.tag is None:  # dates, `=` and `<<`: JSON has no such values
            return text
        # Ruby's VCR writes the short form of the tag.
        if self.dialect.recorded and tag in (_TAG + "binary", "!binary"):
            return self.binary(event)
        raise self.bad_tag(event)

    def bad_tag(self, event: Any) -> GateError:
        return self.error(f"the tag `{line(event.tag, 80)}` is not accepted", event)

    def typed(self, tag: str, event: Any) -> Any:
        try:
            return self.loader.construct_object(yaml.ScalarNode(tag, event.value, event.start_mark))
        except (ValueError, KeyError, IndexError, OverflowError) as error:
            what = f"`{line(event.value, 40)}` is not a valid {tag.rpartition(':')[2]}"
            raise self.error(what, event) from error

    def binary(self, event: Any) -> bytes:
        try:
            return base64.b64decode("".join(event.value.split()), validate=True)
        except (binascii.Error, ValueError) as error:
            raise self.error("this !!binary value is not base64", event) from error

    # -- collections ----------------------------------------------------------------------------

    def open_mapping(self, event: Any) -> None:
        value = Lined()
        value.line = event.start_mark.line + 1
        self.open(value, event, self.dicts)

    def open_sequence(self, event: Any) -> None:
        self.open([], event, self.lists)

    def open(self, value: Any, event: Any, tags: set[str]) -> None:
        if event.tag is not None and event.tag not in tags:
            raise self.bad_tag(event)
        # the stack has the root as its first entry, so that a document of max_depth levels still fits
        if len(self.stack) > self.max_depth:
            raise self.too_deep(event)
        if self.stack[-1].key is None:
            raise self.error("a mapping key is not text", event)
        self.stack.append(_Open(value, event.anchor, event.tag, self.weight))
        self.weight += NODE

    def close(self, event: Any) -> None:
        top = self.stack.pop()
        value = _unwrapped(top.value, top.tag) if top.tag in (_BYTESIO, _ITER) else top.value
        # Only now, so that a collection can't contain itself.
        if top.anchor:
            self.anchors[top.anchor] = (value, self.weight - top.weight, top.height)
        if self.stack[-1].height <= top.height:
            self.stack[-1].height = top.height + 1
        self.place(value, event)

    def too_deep(self, event: Any) -> GateError:
        return self.error(f"nested deeper than {self.dialect.max_depth} levels", event)

    def alias(self, event: Any) -> None:
        if event.anchor not in self.anchors:
            name = line(event.anchor, 60)
            raise self.error(f"undefined alias `{name}`: no complete value before it has this anchor", event)
        value, weight, height = self.anchors[event.anchor]
        if len(self.stack) - 1 + height > self.max_depth:
            raise self.too_deep(event)
        self.stack[-1].height = max(self.stack[-1].height, height + 1)
        self.weight += weight
        # the whole weight at each use: ten aliases of ten aliases reach the limit before they fill the memory
        self.expanded += weight
        if self.expanded > self.dialect.max_expanded:
            most = self.dialect.max_expanded
            what = f"aliases expand to more than {most:,} characters" if most else "aliases are not accepted"
            raise self.error(what, event)
        self.place(value, event)

    # -- lines ----------------------------------------------------------------------------------

    def noted(self, step: Callable[[Any], None], event: Any) -> None:
        """Note the line of a key or list item, then take the step."""
        top = self.stack[-1]
        if top.key is None or type(top.value) is list:
            self.lines.setdefault(id(top.value), []).append(event.start_mark.line + 1)
        step(event)

    def copied(self, value: Json, place: Place, number: int, lines: dict[Place, int]) -> Json:
        """The value as plain dicts and lists, with the lines of its places added to `lines`."""
        lines[place] = number
        if not isinstance(value, dict | list):
            return value
        items = value.items() if isinstance(value, dict) else enumerate(value)
        numbers = iter(self.lines.get(id(value), ()))
        copies = {key: self.copied(item, (*place, key), next(numbers), lines) for key, item in items}
        return copies if isinstance(value, dict) else list(copies.values())


def _unwrapped(value: Lined, tag: str | None) -> Json:
    """The body inside what vcrpy pickles for a file object or an iterator."""
    # vcrpy pickles a BytesIO as its state (bytes, position, …), an iterator as the arguments of `iter`.
    inside = value.get("state") if tag == _BYTESIO else value.get("args")
    return inside[0] if isinstance(inside, list) and inside else None
