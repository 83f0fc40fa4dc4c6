"""Characters on the wire: a label that names another encoding, and line ends of Unicode inside of an event."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Row
from gate.mutations.chat import is_text
from gate.mutations.facts import CHAT, seen, served
from gate.mutations.frames import Piece, in_events, places, spliced
from gate.mutations.replies import labelled

_CONTENT = rb'("content": ?"(?:[^"\\]|\\.)+)"'


def charset_wrong(exchange: Exchange) -> Exchange | None:
    """UTF-8 labelled as Latin-1: clients that follow the label show two letters for one."""
    return _labelled(exchange, "ISO-8859-1")


def charset_named(exchange: Exchange) -> Exchange | None:
    """The right charset in the label (B31)."""
    return _labelled(exchange, "utf-8")


def _labelled(exchange: Exchange, charset: str) -> Exchange | None:
    body = exchange.response.body if exchange.response else b""
    media = seen(exchange).media_type
    fits = served(exchange) and seen(exchange).form in ("json", "stream") and media and not body.isascii()
    return labelled(exchange, content_type=f"{media}; charset={charset}") if fits else None


def separator_raw(exchange: Exchange) -> Exchange | None:
    """U+2028 in the text: readers that split lines there get half an event."""
    return _separated(exchange, "\u2028".encode())


def separator_escaped(exchange: Exchange) -> Exchange | None:
    """The same character as an escape."""
    return _separated(exchange, b"\\\\u2028")


def _separated(exchange: Exchange, character: bytes) -> Exchange | None:
    def edit(pieces: list[Piece]) -> list[Piece] | None:
        texts = places(pieces, "content")
        new = pieces[texts[-1]].sub(_CONTENT, rb"\1" + character + b'"', 1) if texts else None
        return spliced(pieces, texts[-1], new) if new else None

    return in_events(exchange, edit, CHAT) if is_text(exchange, CHAT) else None


MUTATIONS = (
    Row(
        drifts=("T40",),
        severity=Severity.RISKY,
        summary="content-type names another charset",
        caught_by=("charset-wrong",),
        apply=charset_wrong,
        twin=charset_named,
        exercised_by=("long-answer",),
    ),
    Row(
        drifts=("T41",),
        severity=Severity.RISKY,
        summary="a line separator of Unicode raw inside of an event",
        caught_by=("line-separators-raw",),
        apply=separator_raw,
        twin=separator_escaped,
        exercised_by=("chat-stream", "chat-stream-usage"),
    ),
)
