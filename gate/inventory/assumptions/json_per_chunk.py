"""JSON parsed of each piece that arrives: a connection cuts a stream anywhere, and the arguments of a call come in
fragments (T45, TL09)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.inventory.answers import Answers, mentioned
from gate.inventory.assumptions import Kind, Line
from gate.inventory.names import names
from gate.inventory.source import assigned, spelled
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
_MOST_STEPS = 8


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
    names = {node.word for node in inside(subject) if node.kind == "name"}
    for _ in range(_MOST_STEPS):
        values = [value for name in names for value in assigned(Node("name", 0, name), scope)]
        if any(_is_piece(value) for value in values):
            return True
        # a text that was split into lines, or decoded
        more = {node.word for value in values for node in inside(value) if node.kind == "name"}
        if more <= names:
            return False
        names |= more
    return False


def _is_piece(value: Node) -> bool:
    if value.kind == "member" and value.word == "value":  # `const { value } = await reader.read()`
        value = value.parts[0]
    if value.kind == "index" and value.mark == "each":
        source = value.parts[0]
        if source.kind == "call" and source.parts[0].word in _PIECES:
            return True
        return source.kind == "member" and source.word == "body"
    return value.kind == "call" and value.parts[0].word == "read" and mentioned(value.parts[0], *_READERS)
