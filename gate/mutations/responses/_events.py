"""Events of the Responses API: their items, parts and numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gate.endpoints import member, members
from gate.model import Exchange, Json
from gate.mutations._edit import RESPONSES, Piece, in_events, places, put, seen


def items(doc: Json) -> Iterator[dict[str, Any]]:
    """The output items of a body or an event."""
    found = [*members(doc, "output"), *members(member(doc, "response"), "output"), member(doc, "item")]
    return (item for item in found if isinstance(item, dict))


def parts(doc: Json) -> Iterator[dict[str, Any]]:
    """The content parts of a body or an event."""
    found = [part for item in items(doc) for part in members(item, "content")]
    return (part for part in (*found, member(doc, "part")) if isinstance(part, dict))


def without(exchange: Exchange, *kinds: str) -> Exchange | None:
    """The stream without events of these kinds, numbered as if they had never been."""
    if len(seen(exchange).events) < 3:
        return None

    def edit(found: list[Piece]) -> list[Piece]:
        left = [piece for piece in found if not set(kinds) & set(piece.kinds)]
        return renumbered(left) if len(left) < len(found) else found

    return in_events(exchange, edit, RESPONSES)


def renumbered(found: list[Piece], start: int = 0) -> list[Piece]:
    """Sequence numbers that count up by one."""
    numbers = iter(range(start, start + len(found)))
    return [
        piece.changed(lambda doc: put(doc, "sequence_number", next(numbers)))
        if "sequence_number" in (piece.doc or ()) and isinstance(piece.doc, dict)
        else piece
        for piece in found
    ]


def fewer_deltas(exchange: Exchange) -> Exchange | None:
    """Two deltas of text as one (B37)."""

    def edit(found: list[Piece]) -> list[Piece] | None:
        some = [i for i in places(found, "output_text.delta") if isinstance(member(found[i].doc, "delta"), str)]
        if len(some) < 2 or some[1] != some[0] + 1:
            return None
        both = found[some[0]].doc["delta"] + found[some[1]].doc["delta"]
        joined = found[some[1]].changed(lambda doc: put(doc, "delta", both))
        return renumbered([*found[: some[0]], joined, *found[some[1] + 1 :]])

    return in_events(exchange, edit, RESPONSES)
