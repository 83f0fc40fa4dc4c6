"""How an answer ends too early, too late, or without saying so."""

from __future__ import annotations

from dataclasses import replace

from gate.model import Exchange
from gate.mutations.frames import Piece, in_events
from gate.replay.faults import Kind
from gate.replay.reply import End, Framing, Part, Reply

_FINISHES = frozenset({"finish", "usage", "completed", "incomplete", "failed", "done"})


def ended(reply: Reply, parts: tuple[Part, ...], end: End) -> Reply:
    """The reply with these of its parts and that end; a Content-Length stays that of the whole body."""
    at = parts[-1].at_ms if parts else reply.head_ms
    return replace(reply, parts=parts, end=end, end_ms=at, announced=len(reply.body))


def _chunks(reply: Reply, count: int, end: End) -> Reply | None:
    return ended(reply, reply.parts[:count], end) if count <= len(reply.parts) and reply.body else None


def _bytes(reply: Reply, size: int, end: End) -> Reply | None:
    if size > len(reply.body) or not reply.body:
        return None
    parts: list[Part] = []
    for part in reply.parts:
        if size > 0:
            parts.append(Part(part.at_ms, part.data[:size]))
        size -= len(part.data)
    return ended(reply, tuple(parts), end)


def cut_after(reply: Reply, count: int) -> Reply | None:
    """So many chunks, then FIN."""
    return _chunks(reply, count, End.CUT)


def cut_after_bytes(reply: Reply, size: int) -> Reply | None:
    """So many bytes of the body, then FIN."""
    return _bytes(reply, size, End.CUT)


def reset_after(reply: Reply, count: int) -> Reply | None:
    """So many chunks, then RST."""
    return _chunks(reply, count, End.RESET)


def reset_after_bytes(reply: Reply, size: int) -> Reply | None:
    """So many bytes of the body, then RST."""
    return _bytes(reply, size, End.RESET)


def reset(reply: Reply) -> Reply:
    """RST in place of an answer."""
    return replace(reply, answered=False, end=End.RESET, end_ms=0.0)


def no_answer(reply: Reply) -> Reply:
    """FIN in place of an answer: the connection ends without one byte."""
    return replace(reply, answered=False, end=End.CUT, end_ms=0.0)


def half_closed_after(reply: Reply, count: int) -> Reply | None:
    """So many chunks, then FIN, while the server still reads."""
    return _chunks(reply, count, End.HALF_CLOSED)


def no_final_chunk(reply: Reply) -> Reply | None:
    """All of the body, then FIN without the last chunk of the transfer."""
    return ended(reply, reply.parts, End.CUT) if reply.framing is Framing.CHUNKED else None


def no_finish(exchange: Exchange) -> Exchange | None:
    """The finish, the usage and [DONE] never come, and the transfer ends cleanly: half an answer looks whole (T07)."""

    def edit(pieces: list[Piece]) -> list[Piece]:
        return [piece for piece in pieces if not _FINISHES & set(piece.kinds)]

    return in_events(exchange, edit)


def no_events(reply: Reply) -> Reply | None:
    """A stream of zero bytes that ends cleanly."""
    return replace(reply, parts=(), end_ms=reply.head_ms, framing=Framing.CHUNKED) if reply.is_stream else None


def open_after_done(reply: Reply) -> Reply | None:
    """All events come, and then the connection stays open (T06): clients that wait for its end hang."""
    chunked = replace(reply, framing=Framing.CHUNKED)
    return replace(ended(chunked, reply.parts, End.OPEN), announced=None) if reply.is_stream and reply.parts else None


def unframed(reply: Reply) -> Reply:
    """Neither a length nor chunks: the end of the connection is the end of the body, and a cut can't be seen."""
    return replace(reply, framing=Framing.UNFRAMED)


FAULTS = (
    Kind("cut-after-{n}", "so many chunks, then the connection is closed", cut_after),
    Kind("cut-after-{n}-bytes", "so many bytes of the body, then the connection is closed", cut_after_bytes),
    Kind("reset-after-{n}", "so many chunks, then the connection is reset", reset_after),
    Kind("reset-after-{n}-bytes", "so many bytes of the body, then the connection is reset", reset_after_bytes),
    Kind("reset", "the connection is reset before any answer", reset),
    Kind("no-answer", "the connection is closed before any answer", no_answer),
    Kind(
        "half-closed-after-{n}",
        "so many chunks, then FIN; the server still reads",
        half_closed_after,
    ),
    Kind("no-final-chunk", "all of the body, then FIN without the last chunk of the transfer", no_final_chunk),
    Kind("no-finish", "a clean end without finish, usage and [DONE]", no_finish, on="exchange"),
    Kind("no-events", "a stream of zero bytes that ends cleanly", no_events),
    Kind("open-after-done", "all events, then the connection stays open", open_after_done),
    Kind("unframed", "neither length nor chunks: the body ends with the connection", unframed),
)
