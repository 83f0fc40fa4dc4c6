"""JSON parsed of each piece that arrives: a connection cuts a stream anywhere, and the arguments of a call come in
fragments (T45, TL09)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from gate.inventory.answers import Answers, mentioned
from gate.inventory.assumptions import Kind, Line
from gate.inventory.names import names
from gate.inventory.source import assigned, nearest, spelled
from gate.inventory.syntax.node import Node, inside
from gate.inventory.syntax.scopes import Scope

KIND = Kind(
    "json-per-chunk",
    "each piece of a stream is parsed as whole JSON",
    ("T09", "T45", "TL09"),
    "collect lines (or the arguments of a call) first, and parse what is complete",
)
# of requests, httpx (https://www.python-httpx.org/quickstart/#streaming-responses) and aiohttp's StreamReader
_PIECES = names(
    "iter_content iter_bytes iter_raw aiter_bytes aiter_raw iter_text aiter_text iter_chunked iter_any iter_chunks"
)
_READERS = frozenset({"body", "getReader", "reader"})
# Chosen: a piece reaches its parser in a few steps, each of a few names
_MOST_STEPS = 8
_MOST_NAMES = 40
_MOST_NODES = 200


def find(answers: Answers) -> Iterator[Line]:
    """Calls of a JSON parser on a piece, in functions that add nothing up."""
    for scope in answers.source.scopes if answers.about_api else ():
        adds = any(found.node.word == "+=" for around in scope.outward() for found in around.all("assign"))
        for found in scope.all("call"):
            if not _parses(found.node) or len(found.node.parts) < 2:
                continue
            subject = found.node.parts[1]
            if _of_delta(subject, scope, answers):
                yield (
                    found.node.line,
                    "the arguments of a call come in fragments",
                    "warning",
                )
            elif not adds and _of_piece(subject, scope):
                yield found.node.line, "a piece may end in the middle of an event", "warning"


def _parses(call: Node) -> bool:
    return spelled(call.parts[0]) in ("json.loads", "JSON.parse", "orjson.loads", "ujson.loads")


def _of_delta(subject: Node, scope: Scope, answers: Answers) -> bool:
    read = answers.read(subject, scope)
    return bool(read and "delta" in read.steps and read.steps[-1] == "arguments")


def _of_piece(subject: Node, scope: Scope) -> bool:
    """Whether what is parsed comes from a piece of a body: of a loop over pieces, or of `reader.read()`."""
    names = set(_names_of(subject))
    for _ in range(_MOST_STEPS):
        found = [nearest(assigned(Node("name", 0, name), scope), subject.line) for name in names]
        values = [value for several in found for value in several]
        if any(_is_piece(value) for value in values):
            return True
        # a text that was split into lines, or decoded
        more = {name for value in values for name in _names_of(value)}
        if more <= names or len(names) > _MOST_NAMES:
            return False
        names |= more
    return False


def _names_of(node: Node) -> Iterator[str]:
    return (one.word for one in islice(inside(node), _MOST_NODES) if one.kind == "name")


def _is_piece(value: Node) -> bool:
    if value.kind == "member" and value.word == "value":  # `const { value } = await reader.read()`
        value = value.parts[0]
    if value.kind == "index" and value.mark == "each":
        source = value.parts[0]
        if source.kind == "call" and source.parts[0].word in _PIECES:
            return True
        return source.kind == "member" and source.word == "body"
    return value.kind == "call" and value.parts[0].word == "read" and mentioned(value.parts[0], *_READERS)
