"""JSON as it is written: keys twice, both forms of an answer in one, times in another unit, and long lines."""

from __future__ import annotations

import re
from typing import Any

from gate.endpoints import member
from gate.model import Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.chat import choices, heads
from gate.mutations.edit import in_docs, in_stream
from gate.mutations.facts import CHAT, COMPLETIONS, plain, streamed
from gate.mutations.frames import Piece, in_events, places, spliced
from gate.mutations.harmless import again, respaced
from gate.mutations.harmless_streams import fewer_events
from gate.mutations.replies import rewritten
from gate.mutations.values import each, put

# possessive, as all that reads untrusted text
_OBJECT = re.compile(rb'"object"\s*+:\s*+"[^"\\]*+"')


def key_twice(exchange: Exchange) -> Exchange | None:
    """Two writers of one text both add `object`: strict decoders reject a duplicate field."""
    if streamed(exchange, CHAT, COMPLETIONS):
        return in_events(exchange, lambda pieces: [piece.sub(_OBJECT.pattern, _both(piece.raw), 1) for piece in pieces])
    body = exchange.response.body if exchange.response and plain(exchange, CHAT, COMPLETIONS) else b""
    return rewritten(exchange, _OBJECT.sub(_both(body).replace(b"\\", b"\\\\"), body, count=1)) if _both(body) else None


def _both(raw: bytes) -> bytes:
    found = _OBJECT.search(raw)
    return found[0] + b"," + found[0] if found else b""


def message_in_chunk(exchange: Exchange) -> Exchange | None:
    """Each chunk with a text carries it as a message too: readers of whichever is there show it twice."""
    return _beside_delta(exchange, "message", lambda text: {"role": "assistant", "content": text})


def null_stop_reason(exchange: Exchange) -> Exchange | None:
    """A member of the engine's own beside the delta, null (vLLM's `stop_reason`)."""
    return _beside_delta(exchange, "stop_reason", lambda _: None)


def _beside_delta(exchange: Exchange, key: str, value: Any) -> Exchange | None:
    def change(choice: dict[str, Any]) -> bool:
        text = member(choice.get("delta"), "content")
        return isinstance(text, str) and bool(text) and put(choice, key, value(text))

    return in_stream(exchange, each(choices, change), CHAT)


def created_in_milliseconds(exchange: Exchange) -> Exchange | None:
    """`created` is in milliseconds: clients with 32 bits for it fail to decode the answer."""

    def change(head: dict[str, Any]) -> bool:
        # a time of our century: 0 stays 0 in any unit
        fits = type(head.get("created")) is int and head["created"] > 10**9
        return fits and put(head, "created", head["created"] * 1000)

    return in_docs(exchange, each(heads, change), CHAT, COMPLETIONS)


def line_long(exchange: Exchange) -> Exchange | None:
    """One event brings 70,000 bytes in a line: readers with a buffer of 64 KiB stop there."""

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        texts = places(pieces, "content")
        return spliced(pieces, texts[0], pieces[texts[0]].changed(_padded)) if texts else None

    return in_events(exchange, edit, CHAT, COMPLETIONS)


def _padded(doc: Json) -> bool:
    return put(doc, "padding", "x" * 70_000)


_TEXT = ("chat", "chat-stream")

MUTATIONS = (
    Row(
        drifts=("S41",),
        severity=Severity.RISKY,
        summary="a key is there twice",
        caught_by=("key-twice",),
        apply=key_twice,
        twin=respaced,
        exercised_by=_TEXT,
    ),
    Row(
        drifts=("S42",),
        severity=Severity.BREAKING,
        summary="chunks have a message beside the delta",
        caught_by=("delta-and-message",),
        apply=message_in_chunk,
        twin=null_stop_reason,
        exercised_by=("chat-stream",),
    ),
    Row(
        drifts=("S43",),
        severity=Severity.BREAKING,
        summary="created is in milliseconds",
        caught_by=("created-not-seconds",),
        apply=created_in_milliseconds,
        twin=again,
        exercised_by=_TEXT,
    ),
    Row(
        drifts=("T45",),
        severity=Severity.RISKY,
        summary="a line of a stream is longer than 64 KiB",
        caught_by=("sse-line-long",),
        apply=line_long,
        twin=fewer_events,
        exercised_by=("chat-stream",),
    ),
)
