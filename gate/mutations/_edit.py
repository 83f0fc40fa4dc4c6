"""Editing of recorded exchanges: JSON bodies, the events of a stream, bytes, status, headers, times.

What an edit does not name stays as it was: framing, spacing of the JSON, and when each event arrived.
"""

from __future__ import annotations

import copy
import functools
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from gate.endpoints import endpoint
from gate.model import MISSING, Chunk, Ending, Exchange, Headers, Json, Observation, Response
from gate.observe.exchange import observe

CHAT, COMPLETIONS, RESPONSES, EMBEDDINGS = "chat.completions", "completions", "responses", "embeddings"

Change = Callable[[Any], bool]
"""Changes a JSON value in place and says whether it fitted."""


@functools.lru_cache(256)
def seen(exchange: Exchange) -> Observation:
    """The exchange in normal form, once for all mutations that ask."""
    return observe(exchange)


def asked(exchange: Exchange, key: str) -> Json:
    """A member of the request's JSON; None without it."""
    request = seen(exchange).request
    return request.get(key) if isinstance(request, dict) else None


def whole(exchange: Exchange) -> bool:
    """Everything that came is stored, and unencoded, so that its bytes can be edited."""
    plain = seen(exchange).encoding.lower() in ("", "identity")
    return bool(exchange.response and exchange.ending is Ending.COMPLETE and exchange.body_size is None and plain)


def served(exchange: Exchange, *of: str) -> bool:
    """A whole answer of success, of one of these endpoints (of any, without names)."""
    found = seen(exchange)
    return whole(exchange) and found.ok and (found.endpoint in of or not of)


def streamed(exchange: Exchange, *of: str) -> bool:
    """A whole stream of one of these endpoints."""
    return served(exchange, *of) and seen(exchange).form == "stream"


def timed(exchange: Exchange) -> bool:
    """Recorded with its times, so by ourselves: other recorders unpack bodies and drop headers."""
    return seen(exchange).timing.total is not None


def refused(exchange: Exchange) -> bool:
    """A whole answer of failure with a JSON object in it."""
    found = seen(exchange)
    return whole(exchange) and found.status >= 400 and isinstance(found.body, dict)


# -- JSON ---------------------------------------------------------------------------------------


def in_body(exchange: Exchange, change: Change) -> Exchange | None:
    """The JSON of a plain body changed, and written as it was."""
    found = seen(exchange)
    if not whole(exchange) or found.form != "json" or exchange.response is None:
        return None
    value = copy.deepcopy(found.body)
    return rewritten(exchange, written(value, exchange.response.body)) if change(value) else None


def in_docs(exchange: Exchange, change: Change, *of: str) -> Exchange | None:
    """The JSON of a success changed: the body, or each event of a stream; None where nothing fitted."""
    if not served(exchange, *of):
        return None
    if seen(exchange).form != "stream":
        return in_body(exchange, change)
    return in_events(exchange, lambda pieces: [piece.changed(change) for piece in pieces])


def in_error(exchange: Exchange, change: Change) -> Exchange | None:
    """The `error` object of a failure changed."""
    if not refused(exchange) or not isinstance(seen(exchange).error, dict):
        return None
    return in_body(exchange, lambda body: change(body["error"]))


def every(values: Iterable[Any], change: Change) -> bool:
    """Change all of the values; whether any fitted."""
    return sum(map(change, values)) > 0


def put(part: Json, key: str, value: Json) -> bool:
    """Set a member; whether that changed it. What is no object has none."""
    if not isinstance(part, dict):
        return False
    changed = key not in part or part[key] != value or type(part[key]) is not type(value)
    part[key] = value
    return changed


def drop(part: Json, key: str) -> bool:
    """Remove a member; whether it was there."""
    return isinstance(part, dict) and part.pop(key, MISSING) is not MISSING


def rename(part: Json, key: str, name: str) -> bool:
    """Move a member to another name; whether it was there."""
    if not (isinstance(part, dict) and key in part):
        return False
    part[name] = part.pop(key)
    return True


_FIRST_KEY = re.compile(rb'\s*+[{\[](\s*+)\{?\s*+"(?:[^"\\]|\\.)*+"\s*+:( ?)')


def written(value: Json, like: bytes) -> bytes:
    """JSON text in the style of other JSON text: its indent, its spacing, and whether it escapes non-ASCII."""
    style = _FIRST_KEY.match(like)
    inner, space = (style[1], style[2]) if style else (b"", b" ")
    indent = len(inner.rpartition(b"\n")[2]) if b"\n" in inner else None
    comma = ", " if space and indent is None else ","
    separators = (comma, ": " if space else ":")
    escaped = like.isascii() and b"\\u" in like
    text = json.dumps(value, indent=indent, separators=separators, ensure_ascii=escaped)
    # half of a surrogate pair, which only an escape can write
    return text.encode("utf-8", "backslashreplace")


# -- streams ------------------------------------------------------------------------------------

_DATA = re.compile(rb"(?:(?<=[\r\n])|^)(data: ?)[^\r\n]*+")
_MORE_DATA = re.compile(rb"(?<=[\r\n])data:[^\r\n]*+(?:\r\n|\n|\r)")


@dataclass(frozen=True, slots=True)
class Piece:
    """One frame of a stream: its bytes, the JSON in it (MISSING without any), what it does, and its own chunks."""

    raw: bytes
    doc: Json = MISSING
    kinds: tuple[str, ...] = ()
    chunks: tuple[Chunk, ...] = ()

    def holding(self, doc: Json) -> Piece:
        """The same frame around other JSON."""
        found = _DATA.search(self.raw)
        if found is None:
            return self
        text = written(doc, found[0][len(found[1]) :])
        rest = _MORE_DATA.sub(b"", self.raw[found.end() :])
        return replace(self, raw=self.raw[: found.start()] + found[1] + text + rest, doc=doc)

    def changed(self, change: Change) -> Piece:
        """The same frame with its JSON changed; the very same piece where the change does not fit."""
        if not isinstance(self.doc, dict):
            return self
        doc = copy.deepcopy(self.doc)
        return self.holding(doc) if change(doc) else self

    def beside(self, doc: Json) -> Piece:
        """One more frame like this one, around other JSON, that comes at the same time."""
        return replace(self.holding(doc), kinds=(), chunks=self.chunks[-1:])

    def framed(self, raw: bytes) -> Piece:
        """Other bytes that come when this frame came."""
        return Piece(raw, MISSING, (), self.chunks[-1:])

    def sub(self, pattern: bytes, new: bytes, count: int = 0) -> Piece:
        """The same frame with its bytes replaced, `^` being the start of a line."""
        raw = re.sub(pattern, new, self.raw, count=count, flags=re.MULTILINE)
        return self if raw == self.raw else replace(self, raw=raw)


Edit = Callable[[list[Piece]], Iterable[Piece] | None]


def pieces(exchange: Exchange) -> list[Piece]:
    """The frames of a stream."""
    body = exchange.response.body if exchange.response else b""
    events = seen(exchange).events
    shares = _shares([event.frame.end for event in events], exchange.chunks)
    return [
        Piece(body[e.frame.start : e.frame.end], e.doc, tuple(kind for kind, _ in e.kinds), share)
        for e, share in zip(events, shares, strict=True)
    ]


def in_events(exchange: Exchange, edit: Edit, *of: str, **facts: Any) -> Exchange | None:
    """The frames of a stream edited; `facts` are fields of the exchange that change as well. None: nothing did."""
    if not streamed(exchange, *of):
        return None
    before = pieces(exchange)
    after = edit(list(before))
    if after is None:
        return None
    after = list(after)
    if len(after) == len(before) and all(new is old for new, old in zip(after, before, strict=True)):
        return None
    chunks = _merged(chunk for piece in after for chunk in _fitted(piece.chunks, len(piece.raw)))
    return rewritten(exchange, b"".join(piece.raw for piece in after), chunks=chunks, **facts)


def tokens(exchange: Exchange, found: Sequence[Piece]) -> list[int]:
    """Where the frames stand that carry text or parts of tool calls."""
    return places(found, *endpoint(seen(exchange).endpoint).content)


def halfway(exchange: Exchange, found: Sequence[Piece]) -> int:
    """The place after the first half of the answer; 0 where the stream carries none."""
    carrying = tokens(exchange, found)
    return carrying[(len(carrying) - 1) // 2] + 1 if carrying else 0


def places(found: Sequence[Piece], *kinds: str) -> list[int]:
    """Where the frames stand that do one of these things."""
    return [i for i, piece in enumerate(found) if set(kinds) & set(piece.kinds)]


def _shares(ends: Sequence[int], chunks: Sequence[Chunk]) -> list[tuple[Chunk, ...]]:
    """The chunks cut at the frames' ends."""
    shares: list[tuple[Chunk, ...]] = []
    rest, at = list(reversed(chunks)), 0
    for end in ends:
        share: list[Chunk] = []
        while at < end and rest:
            chunk = rest.pop()
            taken = min(chunk.size, end - at)
            at += taken
            share.append(Chunk(chunk.at_ms, taken))
            if taken < chunk.size:
                rest.append(Chunk(chunk.at_ms, chunk.size - taken))
        shares.append(tuple(share))
    return shares


def _fitted(chunks: Sequence[Chunk], size: int) -> Iterable[Chunk]:
    """Chunks for another number of bytes; the last one keeps at least one, so that the arrival stays."""
    for chunk in chunks[:-1]:
        taken = max(0, min(chunk.size, size - 1))
        size -= taken
        yield Chunk(chunk.at_ms, taken)
    if chunks:
        yield Chunk(chunks[-1].at_ms, size)


def _merged(chunks: Iterable[Chunk]) -> tuple[Chunk, ...]:
    """Chunks of one moment as one, and none before its predecessor."""
    found: list[Chunk] = []
    for chunk in chunks:
        if found and chunk.at_ms <= found[-1].at_ms:
            found[-1] = Chunk(found[-1].at_ms, found[-1].size + chunk.size)
        elif chunk.size:
            found.append(chunk)
    return tuple(found)


# -- responses ----------------------------------------------------------------------------------


def rewritten(
    exchange: Exchange,
    body: bytes,
    *,
    status: int | None = None,
    headers: Mapping[str, str] | None = None,
    chunks: tuple[Chunk, ...] | None = None,
    **facts: Any,
) -> Exchange:
    """The exchange with another body, and what follows from it: its length and the sizes of its chunks."""
    before = exchange.response or Response(200)
    fields = _with(before.headers, headers or {})
    fields = tuple((n, str(len(body)) if n.lower() == "content-length" else v) for n, v in fields)
    response = Response(status or before.status, "" if status else before.reason, fields, body)
    scaled = _scaled(exchange.chunks, len(before.body), len(body)) if chunks is None else chunks
    return replace(exchange, response=response, chunks=scaled, **facts)


def replied(exchange: Exchange, status: int, value: Json | bytes, media: str = "application/json") -> Exchange:
    """Another answer altogether: JSON, or the very bytes."""
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    chunks = tuple(Chunk(chunk.at_ms, len(body)) for chunk in exchange.chunks[-1:] if body)
    return rewritten(exchange, body, status=status, headers={"content-type": media}, chunks=chunks)


def cut(exchange: Exchange, size: int, ending: Ending, detail: str) -> Exchange:
    """The exchange with nothing that came after so many bytes."""
    response = exchange.response or Response(0)
    left = replace(response, body=response.body[:size])
    return replace(exchange, response=left, chunks=_shares([size], exchange.chunks)[0], ending=ending, detail=detail)


def labelled(exchange: Exchange, **headers: str) -> Exchange | None:
    """The exchange with headers set (`_` for `-`); None without a response."""
    if exchange.response is None:
        return None
    fields = _with(exchange.response.headers, {name.replace("_", "-"): value for name, value in headers.items()})
    return replace(exchange, response=replace(exchange.response, headers=fields))


def _with(headers: Headers, new: Mapping[str, str]) -> Headers:
    return (*((n, v) for n, v in headers if n.lower() not in new), *new.items())


def _scaled(chunks: Sequence[Chunk], before: int, after: int) -> tuple[Chunk, ...]:
    """As many chunks at the same times, for a body of another length."""
    ends = [round(end * after / before) for end in accumulate(chunk.size for chunk in chunks)] if before else []
    if not ends:
        return (Chunk(chunks[-1].at_ms, after),) if chunks else ()
    ends[-1] = after
    starts = [0, *ends[:-1]]
    return tuple(Chunk(c.at_ms, max(0, e - s)) for c, s, e in zip(chunks, starts, ends, strict=True) if e > s)
