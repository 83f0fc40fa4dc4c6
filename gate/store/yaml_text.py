"""YAML for files that people review and nobody trusts: a strict reader with line numbers, a readable writer.

PyYAML's own composer calls itself once per nesting level in C, so a file of `[[[[…` ends the process. Here libyaml
only makes events (its parser keeps its stack on the heap) and the values are built in one loop, with limits.
The writer puts text into literal blocks wherever that is lossless, also with emoji, which libyaml's emitter
would turn into one long escaped line.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from yaml import events

from gate.errors import CassetteError
from gate.model import Json

MAX_DEPTH = 100
MAX_EXPANDED = 64 * 1024 * 1024
"""Characters that aliases may add in all; a node counts as 64, so that "billion laughs" ends early."""

_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
# vcrpy 9 writes these two for request bodies that were file objects or iterators.
_BYTESIO, _ITER = _TAG + "python/object/new:_io.BytesIO", _TAG + "python/object/apply:builtins.iter"
_TEXT_TAGS = {_TAG + "str", _TAG + "python/str", _TAG + "python/unicode", "!"}
_LIST_TAGS = {_TAG + "seq", _TAG + "python/tuple", "!"}
_DICT_TAGS = {_TAG + "map", _BYTESIO, _ITER, "!"}
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(\.[0-9]{1,30})?")
# Plain scalars that start otherwise are text in YAML 1.1, with no need to ask the resolver.
_RESOLVABLE = frozenset("-+.0123456789~nNyYtTfFoO=<")


class Lined(dict[str, Json]):
    """A mapping that knows the line (from 1) where it starts."""

    __slots__ = ("line",)
    line: int


class _Open:
    """A collection whose end has not come yet. `key` is the text of a key that waits for its value."""

    __slots__ = ("anchor", "key", "tag", "value", "weight")

    def __init__(self, value: Any, anchor: str | None, tag: str | None, weight: int) -> None:
        self.value, self.anchor, self.tag, self.weight = value, anchor, tag, weight
        self.key: str | None = None


class _Builder:
    """Turns YAML events into plain values. Aliases share the value; what they would expand to is bounded."""

    def __init__(self, raw: bytes, file: str) -> None:
        self.file = file
        self.loader = _Loader(raw)
        self.stack: list[_Open] = []
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.weight = self.expanded = 0
        self.result: Any = None
        self.documents = 0

    def error(self, what: str, event: Any, fix: str = "") -> CassetteError:
        line = event.start_mark.line + 1
        return CassetteError(what, where=f"{self.file}:{line}", fix=fix or "record it again, or mend the file")

    def build(self) -> Any:
        steps = {
            events.ScalarEvent: self.scalar,
            events.MappingStartEvent: self.open_mapping,
            events.SequenceStartEvent: self.open_sequence,
            events.MappingEndEvent: self.close,
            events.SequenceEndEvent: self.close,
            events.AliasEvent: self.alias,
            events.DocumentStartEvent: self.document,
        }
        next_event = self.loader.get_event
        while type(event := next_event()) is not events.StreamEndEvent:
            if step := steps.get(type(event)):
                step(event)
        return self.result

    def document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            raise self.error("a second YAML document starts here", event)

    def place(self, value: Any, event: Any) -> None:
        """Hang a finished value into the collection that is open."""
        if not self.stack:
            self.result = value
            return
        top = self.stack[-1]
        if type(top.value) is list:
            top.value.append(value)
        elif top.key is None:
            raise self.error("a mapping key is not text", event)
        else:
            top.value[top.key] = value
            top.key = None

    def scalar(self, event: Any) -> None:
        text = event.value
        self.weight += 64 + len(text)
        top = self.stack[-1] if self.stack else None
        if top is not None and top.key is None and type(top.value) is Lined:
            self.key(top, text, event)
            return
        value = text if event.style and event.tag is None else self.scalar_value(event)
        if event.anchor:
            self.anchors[event.anchor] = (value, 64 + len(text))
        self.place(value, event)

    def key(self, top: _Open, text: str, event: Any) -> None:
        if text in top.value:
            raise self.error(f"the key {text[:80]!r} stands here twice", event)
        if text == "<<" and not event.style:
            raise self.error("merge keys are not accepted", event)
        top.key = text

    def scalar_value(self, event: Any) -> Any:
        tag, text = event.tag, event.value
        if tag is None and (not text or text[0] in _RESOLVABLE):
            if number := _NUMBER.fullmatch(text):
                return float(text) if number[1] else int(text)
            tag = self.loader.resolve(yaml.ScalarNode, text, (True, False))
        if tag is None or tag in _TEXT_TAGS:
            return text
        if tag == _TAG + "binary":
            return self.binary(event)
        if tag in (_TAG + "int", _TAG + "float", _TAG + "bool", _TAG + "null"):
            return self.plain(tag, event)
        if event.tag is None:  # dates, `=` and `<<`: JSON has no such values
            return text
        raise self.error(f"the tag {tag[:80]!r} is not accepted", event)

    def plain(self, tag: str, event: Any) -> Any:
        try:
            return self.loader.construct_object(yaml.ScalarNode(tag, event.value, event.start_mark))
        except (ValueError, KeyError, IndexError, OverflowError) as error:
            raise self.error(f"{event.value[:40]!r} is no {tag.rpartition(':')[2]}", event) from error

    def binary(self, event: Any) -> bytes:
        try:
            return base64.b64decode("".join(event.value.split()), validate=True)
        except (binascii.Error, ValueError) as error:
            raise self.error("this !!binary value is no base64", event) from error

    def open_mapping(self, event: Any) -> None:
        value = Lined()
        value.line = event.start_mark.line + 1
        self.open(value, event, _DICT_TAGS)

    def open_sequence(self, event: Any) -> None:
        self.open([], event, _LIST_TAGS)

    def open(self, value: Any, event: Any, tags: set[str]) -> None:
        if event.tag is not None and event.tag not in tags:
            raise self.error(f"the tag {event.tag[:80]!r} is not accepted", event)
        if len(self.stack) >= MAX_DEPTH:
            raise self.error(f"nested deeper than {MAX_DEPTH} levels", event)
        top = self.stack[-1] if self.stack else None
        if top is not None and top.key is None and type(top.value) is Lined:
            raise self.error("a mapping key is not text", event)
        self.stack.append(_Open(value, event.anchor, event.tag, self.weight))
        self.weight += 64

    def close(self, event: Any) -> None:
        top = self.stack.pop()
        value = _unwrapped(top.value, top.tag) if top.tag in (_BYTESIO, _ITER) else top.value
        # Only now, so that a collection can't contain itself.
        if top.anchor:
            self.anchors[top.anchor] = (value, self.weight - top.weight)
        self.place(value, event)

    def alias(self, event: Any) -> None:
        if event.anchor not in self.anchors:
            raise self.error("an alias points to nothing, or to what it stands in", event)
        value, weight = self.anchors[event.anchor]
        self.weight += weight
        self.expanded += weight
        if self.expanded > MAX_EXPANDED:
            raise self.error("the aliases of this file expand to too much", event)
        self.place(value, event)


def _unwrapped(value: Lined, tag: str | None) -> Json:
    """The body inside what vcrpy pickles for a file object or an iterator."""
    inside = value.get("state") if tag == _BYTESIO else value.get("args")
    return inside[0] if isinstance(inside, list) and inside else None


def parse(raw: bytes, file: str) -> Any:
    """One YAML document as dicts (`Lined`), lists and scalars; `!!binary` as bytes. CassetteError otherwise.

    Keys are always text. Dates stay text. Differs from YAML 1.1 on purpose: duplicate keys, merge keys, unknown tags,
    several documents and deep nesting are errors.
    """
    try:
        return _Builder(raw, file).build()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{file}:{mark.line + 1}" if mark else file
        what = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
        raise CassetteError(f"not valid YAML: {what}", where=where, fix="record it again") from error


# -- writing ------------------------------------------------------------------------------------

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./+-]*(?:; ?[A-Za-z0-9_=./+-]+)*")
_NOT_PLAIN = re.compile(r"(?i)y|n|yes|no|on|off|true|false|null")
_NEEDS_ESCAPE = re.compile(
    '["\\\\\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]',
)
# Beyond these, plain breaks and tabs included, a literal block would not give the same text back.
_NOT_LITERAL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
_LINE = re.compile("[^\n]*\n|[^\n]+")
_SIMPLE_KEY = 120  # libyaml's limit is 1024 characters; beyond it a key needs a question mark
_WIDTH = 110


def write(value: Mapping[str, Json]) -> str:
    """A mapping as a YAML document that reads back equal. Shapes: JSON values, and bytes for what is no text."""
    return "".join(_mapping(value, ""))


def _mapping(value: Mapping[str, Json], indent: str) -> Iterator[str]:
    for key, item in value.items():
        name = _scalar(key)
        yield f"{indent}? {name}\n{indent}:" if len(name) > _SIMPLE_KEY else f"{indent}{name}:"
        yield from _value(item, indent)


def _value(item: Json, indent: str) -> Iterator[str]:
    """What follows a colon, up to the end of its last line."""
    if isinstance(item, Mapping) and item:
        yield "\n"
        yield from _mapping(item, indent + "  ")
    elif isinstance(item, list | tuple) and any(isinstance(x, Mapping) and x for x in item):
        yield "\n"
        for entry in item:
            yield from _entry(entry, indent)
    elif isinstance(item, list | tuple):
        yield f" {_flow_list(item, indent)}\n"
    elif isinstance(item, bytes):
        yield f" {_binary_block(item, indent + '  ')}\n"
    elif isinstance(item, str) and _in_block(item):
        yield from _literal(item, indent + "  ")
    else:
        yield f" {_scalar(item, indent + '  ')}\n"


def _entry(entry: Json, indent: str) -> Iterator[str]:
    if isinstance(entry, Mapping) and entry:
        lines = "".join(_mapping(entry, indent + "  "))
        yield f"{indent}- {lines[len(indent) + 2 :]}"
    else:
        yield f"{indent}- {_flow(entry)}\n"


def _in_block(text: str) -> bool:
    """Whether a block is more readable than quotes, and gives the same text back."""
    needs = "\n" in text or (len(text) > 40 and ('"' in text or "\\" in text))
    return needs and text.strip("\n") != "" and not _NOT_LITERAL.search(text)


def _literal(text: str, indent: str) -> Iterator[str]:
    # Without a digit the reader takes the indent from the first line, which may start with a space of its own.
    digit = "2" if text[0] in " \t\n" else ""
    chomp = "-" if not text.endswith("\n") else "+" if text.endswith("\n\n") else ""
    yield f" |{digit}{chomp}\n"
    for line in _LINE.findall(text):
        yield line if line == "\n" else indent + line
    if not text.endswith("\n"):
        yield "\n"


def _flow_list(items: list[Json] | tuple[Json, ...], indent: str) -> str:
    """`[a, b]`, wrapped: one stream has thousands of chunks."""
    lines, width = [""], len(indent)
    for number, item in enumerate(items):
        text = _flow(item) + ("," if number < len(items) - 1 else "")
        if lines[-1] and width + len(lines[-1]) + len(text) > _WIDTH:
            lines.append("")
        lines[-1] += f" {text}" if lines[-1] else text
    return f"[{f'{chr(10)}{indent}  '.join(lines)}]"


def _flow(item: Json) -> str:
    if isinstance(item, list | tuple):
        return f"[{', '.join(map(_flow, item))}]"
    if isinstance(item, Mapping):
        pairs = (f"? {_scalar(k)} : {_flow(v)}" for k, v in item.items())
        return "{" + ", ".join(pairs) + "}"
    return _binary_line(item) if isinstance(item, bytes) else _scalar(item)


def _binary_line(value: bytes) -> str:
    return f'!!binary "{base64.b64encode(value).decode()}"'


def _binary_block(value: bytes, indent: str) -> str:
    if len(value) < 60:
        return _binary_line(value)
    lines = base64.encodebytes(value).decode().split()
    return "!!binary |\n" + "\n".join(indent + line for line in lines)


def _scalar(item: Json, indent: str | None = None) -> str:
    """One scalar on one line; with an indent, a text of several lines goes over as many."""
    if isinstance(item, Mapping):  # an empty one; others are written as blocks
        return "{}"
    if item is None or isinstance(item, bool):
        return {None: "null", True: "true", False: "false"}[item]
    if isinstance(item, float):
        return _float(item)
    if isinstance(item, int):
        return str(item)
    text = str(item)
    if _PLAIN.fullmatch(text) and not _NOT_PLAIN.fullmatch(text):
        return text
    if indent is None or "\n" not in text[:-1]:
        return f'"{_escaped(text)}"'
    # A backslash at the line's end joins the lines again; a space or tab at the next line's start must be escaped.
    parts = [_escaped(line) for line in _LINE.findall(text)]
    return '"' + f"\\\n{indent}".join("\\" + p if p[0] == " " else p for p in parts) + '"'


def _escaped(text: str) -> str:
    return _NEEDS_ESCAPE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if 0xD800 <= code <= 0xDFFF:  # half of a pair is no character; YAML has no way to write it
        return "\\ufffd"
    return _SHORT.get(match[0]) or (f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}")


def _float(value: float) -> str:
    if math.isnan(value) or math.isinf(value):
        return ".nan" if value != value else ".inf" if value > 0 else "-.inf"
    text = repr(value)
    # YAML 1.1 reads 1e-05 as text; it wants a dot, and a sign after the e.
    return re.sub(r"^(-?\d+)e", r"\1.0e", text)
