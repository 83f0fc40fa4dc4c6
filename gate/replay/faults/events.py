"""Events that clients must pass over, or that come twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gate.model import Exchange
from gate.mutations.facts import CHAT, COMPLETIONS
from gate.mutations.frames import Piece, in_events, places
from gate.replay.faults import Kind
from gate.replay.reply import Part, Reply

_COMMENT = b": keep-alive\n\n"
_KEEPALIVE = b'event: keepalive\ndata: {"type":"keepalive"}\n\n'
_EMPTY = b"data:\n\n"
_USAGE = {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12}


def between(reply: Reply, raw: bytes) -> Reply | None:
    """The same bytes as chunks of their own before the first event, and after each chunk that ends with an event."""
    if not reply.is_stream or not reply.parts:
        return None
    parts = [Part(reply.head_ms, raw)]
    for part in reply.parts:
        parts.append(part)
        if part.data.endswith((b"\n\n", b"\n\r\n")):
            parts.append(Part(part.at_ms, raw))
    return replace(reply, parts=tuple(parts))


def heartbeat_comments(reply: Reply) -> Reply | None:
    """Comments between the events, which the standard allows anywhere."""
    return between(reply, _COMMENT)


def keepalive_events(reply: Reply) -> Reply | None:
    """Events named `keepalive`, which a client that reads `choices[0]` of every event does not expect."""
    return between(reply, _KEEPALIVE)


def empty_events(reply: Reply) -> Reply | None:
    """Events with empty data, which is no JSON."""
    return between(reply, _EMPTY)


def usage_only_chunk(exchange: Exchange) -> Exchange | None:
    """One more chunk with usage and no choice, as with `include_usage`: `choices[0]` of it is an error."""

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        finish = max(places(pieces, "finish"), default=None)
        if finish is None or any(isinstance(p.doc, dict) and p.doc.get("choices") == [] for p in pieces):
            return None
        usage = pieces[finish].beside({**_document(pieces[finish]), "choices": [], "usage": _USAGE})
        return [*pieces[: finish + 1], usage, *pieces[finish + 1 :]]

    return in_events(exchange, edit, CHAT, COMPLETIONS)


def _document(piece: Piece) -> dict[str, Any]:
    return piece.doc if isinstance(piece.doc, dict) else {}


def duplicate_terminal(exchange: Exchange) -> Exchange | None:
    """What ends the answer comes twice: finish, usage and [DONE], or the terminal event of the Responses API."""

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        ends = places(pieces, "finish", "completed", "incomplete", "failed", "done")
        if not ends:
            return None
        return [*pieces, *(replace(piece, chunks=pieces[-1].chunks[-1:]) for piece in pieces[ends[0] :])]

    return in_events(exchange, edit)


FAULTS = (
    Kind("heartbeat-comments", "a comment before the first event and after each chunk", heartbeat_comments),
    Kind("keepalive-events", "an event `keepalive` before the first event and after each chunk", keepalive_events),
    Kind("empty-events", "an event with empty data before the first event and after each chunk", empty_events),
    Kind("usage-only-chunk", "one more chunk with usage and no choice", usage_only_chunk, on="exchange"),
    Kind("duplicate-terminal", "finish, usage and [DONE] twice", duplicate_terminal, on="exchange"),
)
