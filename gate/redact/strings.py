"""The texts inside a body: JSON strings, in streams, in NDJSON, in tool arguments, and the deltas put together.

Each text knows where its characters stand in the body, through escapes, nested JSON and pieces of a stream, so that
a character can be replaced in place by one that takes the same number of bytes.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from sys import intern
from typing import Literal, Protocol

from gate.model import Json

Mode = Literal["words", "ids", "loose"]
"""What a text is: what people read; an id or vector, where digit runs mean nothing; what stands between strings."""

Path = tuple[str | int, ...]

# chosen: tool arguments in a Responses item in an event are two; more is a hostile body, and each level costs a pass.
MAX_NESTING = 4  # JSON in strings in JSON …; deeper ones are searched as words

# Members that hold ids, fingerprints, vectors and other codes.
_OPAQUE = re.compile(
    r"(?:.*_)?id|object|model|system_fingerprint|embedding|b64_json|encrypted_content|signature|obfuscation|data|etag"
    r"|created|fingerprint|.*_hash|nonce"
)
# Members whose text comes in pieces over a stream, in any dialect; other members repeat in every chunk.
_STREAMED = {
    "content", "text", "reasoning", "reasoning_content", "thinking", "refusal", "arguments", "delta", "transcript",
    "partial_json", "input", "token", "response", "summary",
}  # fmt: skip
# Possessive, so that a string of megabytes costs one pass and no memory.
_STRING = re.compile(r'"[^"\\\x00-\x1f]*+(?:\\.[^"\\\x00-\x1f]*+)*+"')
_LOOSE_STRING = re.compile(r'"([^"\\\n]*+(?:\\.[^"\\\n]*+)*+)(?:"(\s*:)?|(?=\\?\Z))')
_REPEATED = 64  # characters of a text that may come in every chunk
_ARGUMENTS = {"arguments", "partial_json", "input"}
# Members beside a delta that say which text of the stream it continues.
_SOURCE = ("type", "index", "output_index", "content_index", "summary_index", "item_id")
_ESCAPE = re.compile(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u....|\\.|[^\\]", re.DOTALL)


class Text(Protocol):
    """Characters that can be replaced one by one."""

    @property
    def text(self) -> str: ...

    def put(self, index: int, character: str) -> None:
        """Replace the character by an ASCII one, in the same number of bytes."""


@dataclass(slots=True)
class Body:
    """A whole body, decoded as UTF-8 with surrogateescape, and what is to be replaced in it."""

    text: str
    edits: dict[int, str] = field(default_factory=dict)

    def put(self, index: int, character: str) -> None:
        width = len(self.text[index].encode("utf-8", "surrogateescape"))
        self.edits[index] = character * width

    def edited(self) -> str:
        """The text with all replacements made; its bytes keep their number."""
        pieces: list[str] = []
        at = 0
        for index, new in sorted(self.edits.items()):
            pieces += (self.text[at:index], new)
            at = index + 1
        return "".join((*pieces, self.text[at:]))


@dataclass(slots=True)
class Leaf:
    """One text at `start:end` of what it stands in; `path` is its place, `key` the JSON key before it."""

    parent: Text
    start: int
    end: int
    text: str
    mode: Mode
    path: Path = ()
    key: str = ""
    _starts: list[int] | None = None

    def put(self, index: int, character: str) -> None:
        if len(self.text) == self.end - self.start:
            self.parent.put(self.start + index, character)
            return
        if self._starts is None:
            source = self.parent.text[self.start : self.end]
            self._starts = [self.start + match.start() for match in _ESCAPE.finditer(source)] + [self.end]
        self._put_escaped(self._starts[index], self._starts[index + 1], character)

    def _put_escaped(self, start: int, end: int, character: str) -> None:
        if end - start == 1:
            self.parent.put(start, character)
        else:
            # No short escape means a letter or a digit, so it is `\uXXXX`: it stays, with another code. Two of them
            # are one character beyond U+FFFF.
            for escape in range(start, end, 6):
                for offset, digit in enumerate(f"{ord(character):04x}"):
                    self.parent.put(escape + 2 + offset, digit)


@dataclass(slots=True)
class Joined:
    """The pieces of one text that came in several events."""

    parts: Sequence[Leaf]
    text: str = field(init=False)
    starts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.text = "".join(part.text for part in self.parts)
        self.starts, at = [], 0
        for part in self.parts:
            self.starts.append(at)
            at += len(part.text)

    def put(self, index: int, character: str) -> None:
        # An empty piece starts where the next one does; the last of them holds the character.
        part = bisect_right(self.starts, index) - 1
        self.parts[part].put(index - self.starts[part], character)


class _Pairs(list[tuple[str, Json]]):
    """A JSON object with its order and its duplicate keys, so that its strings line up with those of the source."""


def json_or_none(text: str) -> Json:
    """Parsed for `_strings`, or None where it is no JSON text."""
    try:
        return json.loads(text, object_pairs_hook=_Pairs, strict=True)
    except (ValueError, RecursionError):
        return None


# -- finding the texts --------------------------------------------------------------------------


def leaves(body: Body) -> Iterator[Leaf]:
    """All texts of a body. JSON in strings gives its own strings; the pieces of a streamed text also come joined."""
    try:
        yield from _body_leaves(body)
    except RecursionError:  # pragma: no cover (in 3.11 the JSON reader gives up first; later ones go deeper)
        yield _whole(body, "loose")


def _body_leaves(body: Body) -> Iterator[Leaf]:
    document = json_or_none(body.text)
    if document is not None:
        strings = list(_strings(body, 0, len(body.text), document, ("$",)))
        yield from _opened(strings)
        yield from _joined([((), leaf) for leaf in strings if _is_logprob(leaf)])
    elif _by_lines(body.text):
        # A private key has line breaks, and is no key on any of its lines.
        if _PEM.search(body.text):  # goes over lines, which are looked at one by one
            yield _whole(body, "loose")
        yield from _line_leaves(body)
    elif body.text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        yield from _opened(_loose(body, 0, len(body.text), ("$",)))
    else:
        yield _whole(body, "words")


def _whole(body: Body, mode: Mode) -> Leaf:
    return Leaf(body, 0, len(body.text), body.text, mode, ("text",))


# The four fields of an event stream, and comments (a colon alone); a BOM may come first.
_SSE_LINE = re.compile(r"(?m)^\ufeff?(?:data|event|id|retry)?:")
_LINE = re.compile(r"[^\r\n]+")
_PEM = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}(?:PRIVATE KEY|PGP [A-Z ]{1,40})-----\s*[\r\n]|Private-Lines:")
_FIELD = re.compile(r"\ufeff?(?:data|event|id|retry)?: ?")


def _by_lines(text: str) -> bool:
    """An event stream, or NDJSON: more than one line, and the first of them a JSON object."""
    if _SSE_LINE.search(text):
        return True
    lines = [match[0] for match, _ in zip(_LINE.finditer(text), range(2), strict=False)]
    return len(lines) == 2 and isinstance(json_or_none(lines[0]), _Pairs)


def _line_leaves(body: Body) -> Iterator[Leaf]:
    streamed: list[tuple[Path, Leaf]] = []
    for number, line in enumerate(_LINE.finditer(body.text), 1):
        prefix = _FIELD.match(line[0])
        start = line.start() + (prefix.end() if prefix else 0)
        payload = body.text[start : line.end()]
        place: Path = (f"line {number}",)
        document = json_or_none(payload) if payload[:1] in ("{", "[", '"') else None
        if document is not None:
            strings = list(_strings(body, start, line.end(), document, place))
            source = _source(document)
            streamed += [(source, leaf) for leaf in strings if leaf.key in _STREAMED]
            yield from _opened([leaf for leaf in strings if leaf.key not in _STREAMED])
        elif payload[:1] in ("{", "[") or '":' in payload:
            yield from _opened(_loose(body, start, line.end(), place))
        elif payload:
            yield Leaf(body, start, line.end(), payload, "words", place)
    yield from _joined(streamed)


def _source(document: Json) -> Path:
    if not isinstance(document, _Pairs):
        return ()
    return tuple(intern(f"{name}={value}") for name, value in document if name in _SOURCE)


def _strings(parent: Text, start: int, end: int, document: Json, path: Path) -> Iterator[Leaf]:
    """Every string of a JSON text, keys among them, in the order of the source."""
    spans = (match.span() for match in _STRING.finditer(parent.text, start, end))
    for (first, last), (value, place, key) in zip(spans, _values(document, path, ""), strict=True):
        mode: Mode = "ids" if _OPAQUE.fullmatch(key) else "words"
        yield Leaf(parent, first + 1, last - 1, value, mode, place, key)


def _values(document: Json, path: Path, key: str) -> Iterator[tuple[str, Path, str]]:
    # interned: a stream of 8 MiB repeats its keys and short values in 40,000 chunks
    if isinstance(document, str):
        yield intern(document) if len(document) <= _REPEATED else document, path, key
    elif isinstance(document, _Pairs):
        for name, value in document:
            yield intern(name), (*path, intern(f"key {name}")), ""
            if isinstance(value, str | list):
                yield from _values(value, (*path, name), name)
    elif isinstance(document, list):
        for number, item in enumerate(document):
            if isinstance(item, str | list):
                yield from _values(item, (*path, _index(item, number)), key)


def _index(item: Json, number: int) -> int:
    """The item's own `index`, which says which choice or tool call a chunk continues."""
    if isinstance(item, _Pairs):
        for name, value in item:
            if name == "index" and type(value) is int:
                return value
    return number


def _loose(parent: Text, start: int, end: int, path: Path) -> Iterator[Leaf]:
    """The strings of malformed JSON (cut off, Python's quotes …), and the text between them."""
    at, key = start, ""
    for match in _LOOSE_STRING.finditer(parent.text, start, end):
        if at < match.start():
            yield Leaf(parent, at, match.start(), parent.text[at : match.start()], "loose", path)
        at = match.end()
        value = _decoded(match[1])
        if match[2]:
            key = value
        mode: Mode = "ids" if _OPAQUE.fullmatch(key) else "words"
        yield Leaf(parent, *match.span(1), value, mode, (*path, key), "" if match[2] else key)
    if at < end:
        yield Leaf(parent, at, end, parent.text[at:end], "loose", path)


def _decoded(source: str) -> str:
    try:
        value = json.loads(f'"{source}"', strict=False)
    except ValueError:
        return source
    return value if isinstance(value, str) else source


def _joined(pieces: list[tuple[Path, Leaf]]) -> Iterator[Leaf]:
    """One text per place in the events where it came in pieces, and the pieces for what they show alone."""
    groups: dict[tuple[Path, Path], list[Leaf]] = {}
    for source, leaf in pieces:
        groups.setdefault((source, _without_line(leaf)), []).append(leaf)
    for parts in groups.values():
        if len(parts) == 1:
            yield from _opened(parts)
            continue
        whole = Joined(parts)
        yield from _opened([Leaf(whole, 0, len(whole.text), whole.text, "words", parts[0].path, parts[0].key)])
        for part in parts:
            # Half a number may pass for a card; keys are looked for, as a word may stand right before one.
            part.mode = "ids"
            yield part


def _is_logprob(leaf: Leaf) -> bool:
    return leaf.key == "token" and "logprobs" in leaf.path


def _without_line(leaf: Leaf) -> Path:
    # Log probabilities have one entry per token and no index: their tokens are the pieces.
    if _is_logprob(leaf):
        at = leaf.path.index("logprobs")
        return (*leaf.path[1:at], *(step for step in leaf.path[at:] if isinstance(step, str)))
    return leaf.path[1:]


def _opened(texts: Iterator[Leaf] | list[Leaf], depth: int = 0) -> Iterator[Leaf]:
    """Leaves, with the strings of their JSON in place of those that are JSON texts themselves."""
    for leaf in texts:
        start = leaf.text.lstrip()[:2]
        if depth >= MAX_NESTING or leaf.mode != "words" or start[:1] not in ("{", "["):
            yield leaf
            continue
        inside = json_or_none(leaf.text)
        if isinstance(inside, list):
            yield from _opened(_strings(leaf, 0, len(leaf.text), inside, leaf.path), depth + 1)
        elif start == '{"' or leaf.key in _ARGUMENTS:
            yield from _opened(_loose(leaf, 0, len(leaf.text), leaf.path), depth + 1)
        else:
            yield leaf
