"""Transcripts: deltas that are lost, trimmed, doubled or renamed, the last event, and the form of a plain one."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gate.endpoints import member
from gate.model import Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.chat import answer
from gate.mutations.facts import plain
from gate.mutations.frames import Piece, in_events, places, spliced
from gate.mutations.harmless import again
from gate.mutations.replies import replied
from gate.mutations.values import put

_ENDPOINTS = ("audio.transcriptions", "audio.translations")
_DELTA, _DONE = "transcript.text.delta", "transcript.text.done"
# Pieces. Chosen, as for the deltas of chat: below it a rule can't tell echoes from a text that repeats itself.
_ENOUGH = 4


def transcript_as_chat(exchange: Exchange) -> Exchange | None:
    """Chunks of chat's form in place of the API's events: SDKs dispatch by the type, and show nothing."""

    def chunk(piece: Piece) -> Piece:
        last = piece.kinds == (_DONE,)
        choice = {"index": 0, "delta": {"content": _text(piece)}, "finish_reason": "stop" if last else None}
        return piece.holding({"id": "trsc-1", "object": "transcription.chunk", "choices": [choice]})

    return _edited(exchange, lambda pieces: [chunk(p) if p.kinds in ((_DELTA,), (_DONE,)) else p for p in pieces])


def transcript_trimmed(exchange: Exchange) -> Exchange | None:
    """Each delta without the blanks at its ends: words run together until the last event."""
    return _edited(exchange, lambda pieces: [_saying(piece, _text(piece).strip()) for piece in pieces])


def transcript_doubled(exchange: Exchange) -> Exchange | None:
    """Each delta twice: captions show every word twice until the last event."""
    return _edited(
        exchange, lambda pieces: [p for piece in pieces for p in ((piece, piece) if _said(piece) else (piece,))]
    )


def transcript_hole(exchange: Exchange) -> Exchange | None:
    """A delta is lost on the way: captions lack a word that the last event has."""
    return _edited(exchange, lambda pieces: spliced(pieces, places(pieces, _DELTA)[1]))


def transcript_unfinished(exchange: Exchange) -> Exchange | None:
    """No last event: code that takes the transcript from it has none."""
    return _edited(exchange, lambda pieces: [piece for piece in pieces if piece.kinds != (_DONE,)])


def transcript_in_fewer_deltas(exchange: Exchange) -> Exchange | None:
    """Two deltas as one (B06)."""

    def edit(pieces: list[Piece]) -> list[Piece]:
        first, second = places(pieces, _DELTA)[:2]
        both = _saying(pieces[second], _text(pieces[first]) + _text(pieces[second]))
        return spliced(spliced(pieces, second, both), first)

    return _edited(exchange, edit)


def _edited(exchange: Exchange, edit: Callable[[list[Piece]], Iterable[Piece]]) -> Exchange | None:
    """A transcript of several deltas and the last event, edited."""

    def edited(pieces: list[Piece]) -> Iterable[Piece] | None:
        several = sum(map(_said, pieces)) >= _ENOUGH and places(pieces, _DONE)
        return edit(pieces) if several else None

    return in_events(exchange, edited, *_ENDPOINTS)


def _said(piece: Piece) -> bool:
    return piece.kinds == (_DELTA,) and bool(_text(piece))


def _text(piece: Piece) -> str:
    text = member(piece.doc, "delta")
    return text if isinstance(text, str) else ""


def _saying(piece: Piece, text: str) -> Piece:
    return piece.changed(lambda doc: put(doc, "delta", text)) if _text(piece) else piece


# -- in one piece -------------------------------------------------------------------------------


def transcript_as_text(exchange: Exchange) -> Exchange | None:
    """The bare text where JSON was asked for: SDKs give a string, on which `.text` raises."""
    said = _plain_text(exchange)
    return replied(exchange, 200, said.encode("utf-8", "replace"), "text/plain; charset=utf-8") if said else None


def _plain_text(exchange: Exchange) -> str:
    said: Json = member(answer(exchange).final, "text") if plain(exchange, *_ENDPOINTS) else ""
    return said if isinstance(said, str) else ""


MUTATIONS = (
    Row(
        drifts=("ST40",),
        severity=Severity.BREAKING,
        summary="a transcript streams as chunks of chat's form",
        caught_by=("event-type-missing",),
        apply=transcript_as_chat,
        twin=transcript_in_fewer_deltas,
        exercised_by=("transcription-stream",),
    ),
    Row(
        drifts=("ST32",),
        # breaking for a chat; here and with the next two the last event still has the whole text
        severity=Severity.RISKY,
        summary="the deltas of a transcript are trimmed",
        caught_by=("done-differs-from-deltas",),
        apply=transcript_trimmed,
        twin=transcript_in_fewer_deltas,
        exercised_by=("transcription-stream",),
    ),
    Row(
        drifts=("ST33",),
        severity=Severity.RISKY,
        summary="each delta of a transcript comes twice",
        caught_by=("done-differs-from-deltas",),
        apply=transcript_doubled,
        twin=transcript_in_fewer_deltas,
        exercised_by=("transcription-stream",),
    ),
    Row(
        drifts=("T07",),
        severity=Severity.RISKY,
        summary="a delta of a transcript is lost",
        caught_by=("done-differs-from-deltas",),
        apply=transcript_hole,
        twin=transcript_in_fewer_deltas,
        exercised_by=("transcription-stream",),
    ),
    Row(
        drifts=("RS07",),
        severity=Severity.BREAKING,
        summary="a transcript without its last event",
        caught_by=("stream-unfinished",),
        apply=transcript_unfinished,
        twin=transcript_in_fewer_deltas,
        exercised_by=("transcription-stream",),
    ),
    Row(
        drifts=("S36",),
        severity=Severity.BREAKING,
        summary="a transcript as bare text where JSON was asked for",
        caught_by=("body-not-json",),
        apply=transcript_as_text,
        twin=again,
        exercised_by=("transcription",),
    ),
)
