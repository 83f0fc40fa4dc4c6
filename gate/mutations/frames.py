"""The frames of a stream: what an edit does not name keeps its bytes and the time when it came."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gate.endpoints import endpoint
from gate.model import MISSING, Chunk, Exchange, Json
from gate.mutations.arrivals import fitted, merged, shares
from gate.mutations.facts import remembered, seen, streamed
from gate.mutations.replies import rewritten
from gate.mutations.values import Change, copied, written

# `*+` is possessive: a line is taken whole or not at all, so that hostile bodies stay linear
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
        data = _DATA.search(self.raw)
        if data is None:
            return self
        # further data: lines (T09) held the rest of the old JSON
        text = written(doc, data[0][len(data[1]) :])
        rest = _MORE_DATA.sub(b"", self.raw[data.end() :])
        return replace(self, raw=self.raw[: data.start()] + data[1] + text + rest, doc=doc)

    def changed(self, change: Change) -> Piece:
        """The same frame with its JSON changed; the very same piece where the change does not fit."""
        if not isinstance(self.doc, dict):
            return self
        doc = copied(self.doc)
        return self.holding(doc) if change(doc) else self

    def beside(self, doc: Json) -> Piece:
        """One more frame like this one, around other JSON, that comes at the same time."""
        # without kinds: edits look for events by what the recording had
        return replace(self.holding(doc), kinds=(), chunks=self.chunks[-1:])

    def framed(self, raw: bytes) -> Piece:
        """Other bytes that come when this frame came."""
        return Piece(raw, MISSING, (), self.chunks[-1:])

    def sub(self, pattern: bytes, new: bytes, count: int = 0) -> Piece:
        """The same frame with its bytes replaced, `^` being the start of a line."""
        raw = re.sub(pattern, new, self.raw, count=count, flags=re.MULTILINE)
        return self if raw == self.raw else replace(self, raw=raw)


Edit = Callable[[list[Piece]], Iterable[Piece] | None]


@remembered
def pieces_of(exchange: Exchange) -> tuple[Piece, ...]:
    """The frames of a stream."""
    body = exchange.response.body if exchange.response else b""
    events = seen(exchange).events
    arrivals = shares([event.frame.end for event in events], exchange.chunks)
    return tuple(
        Piece(body[e.frame.start : e.frame.end], e.doc, tuple(kind for kind, _ in e.kinds), share)
        for e, share in zip(events, arrivals, strict=True)
    )


def in_events(exchange: Exchange, edit: Edit, *of: str, **facts: Any) -> Exchange | None:
    """The frames of a stream edited; `facts` are fields of the exchange that change as well. None: nothing did."""
    return edited(exchange, edit, **facts) if streamed(exchange, *of) else None


def edited(exchange: Exchange, edit: Edit, **facts: Any) -> Exchange | None:
    """The frames of any whole stream edited, also of one that fails."""
    before = pieces_of(exchange)
    after = edit(list(before))
    if after is None:
        return None
    after = list(after)
    if len(after) == len(before) and all(new is old for new, old in zip(after, before, strict=True)):
        return None
    chunks = merged(chunk for piece in after for chunk in fitted(piece.chunks, len(piece.raw)))
    return rewritten(exchange, b"".join(piece.raw for piece in after), chunks=chunks, **facts)


def broken_off(exchange: Exchange, last: Callable[[Piece], Piece], *of: str, **facts: Any) -> Exchange | None:
    """The first half of a streamed answer, and one more frame, which `last` makes of the one before it."""

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        half = halfway(exchange, pieces)
        return [*pieces[:half], last(pieces[half - 1])] if half else None

    return in_events(exchange, edit, *of, **facts)


def after_first(exchange: Exchange, raw: bytes) -> Exchange | None:
    """The stream with other bytes between its first frame and the second."""
    return in_events(exchange, lambda pieces: spliced(pieces, 0, pieces[0], pieces[0].framed(raw)))


def spliced(pieces: Sequence[Piece], at: int, *new: Piece) -> list[Piece]:
    """The frames with none, one or more in place of one of them."""
    return [*pieces[:at], *new, *pieces[at + 1 :]]


def places(pieces: Sequence[Piece], *kinds: str) -> list[int]:
    """Where the frames stand that do one of these things."""
    return [i for i, piece in enumerate(pieces) if set(kinds) & set(piece.kinds)]


def tokens(exchange: Exchange, pieces: Sequence[Piece]) -> list[int]:
    """Where the frames stand that carry text or parts of tool calls."""
    return places(pieces, *endpoint(seen(exchange).endpoint).content)


def halfway(exchange: Exchange, pieces: Sequence[Piece]) -> int:
    """The place after the first half of the answer; 0 where the stream carries none."""
    carrying = tokens(exchange, pieces)
    # of the events with tokens, not of all: the middle of a stream of pings would be before the answer
    return carrying[(len(carrying) - 1) // 2] + 1 if carrying else 0
