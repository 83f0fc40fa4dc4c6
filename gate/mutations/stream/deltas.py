"""Deltas that are trimmed, doubled, or come in the wrong order."""

from __future__ import annotations

from gate.endpoints import member, members
from gate.model import Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.chat import is_text, messages
from gate.mutations.edit import in_plain
from gate.mutations.facts import CHAT, RESPONSES
from gate.mutations.frames import Piece, in_events, places
from gate.mutations.harmless import again
from gate.mutations.harmless_streams import fewer_events
from gate.mutations.values import put

# Pieces. Chosen: below it a rule can't tell echoes from a text that repeats itself.
_ENOUGH = 4


def deltas_trimmed(exchange: Exchange) -> Exchange | None:
    """Each delta without the blanks at its ends: words run together."""

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        blanks = sum(_text(piece) != _text(piece).strip() for piece in pieces)
        return [_saying(piece, _text(piece).strip()) for piece in pieces] if blanks >= _ENOUGH else None

    return in_events(exchange, edit, CHAT) if is_text(exchange, CHAT) else None


def deltas_doubled(exchange: Exchange) -> Exchange | None:
    """Each delta twice: clients that join them show every word twice."""

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        texts = places(pieces, "content")
        several = len({_text(pieces[at]) for at in texts}) >= _ENOUGH
        twice = [[piece, piece] if at in texts else [piece] for at, piece in enumerate(pieces)]
        return [piece for both in twice for piece in both] if several else None

    return in_events(exchange, edit, CHAT) if is_text(exchange, CHAT) else None


def reasoning_late(exchange: Exchange) -> Exchange | None:
    """Reasoning after the first text: clients that closed the thinking show it as answer."""
    return _reasoned(exchange, late=True)


def reasoning_first(exchange: Exchange) -> Exchange | None:
    """Reasoning before all text (B17)."""
    return _reasoned(exchange, late=False)


def _reasoned(exchange: Exchange, *, late: bool) -> Exchange | None:
    def edit(pieces: list[Piece]) -> list[Piece] | None:
        texts = [at for at in places(pieces, "content") if _text(pieces[at]).strip()]
        if len(texts) < _ENOUGH or places(pieces, "reasoning"):
            return None
        at = texts[1] if late else texts[0]
        return [*pieces[:at], pieces[at].changed(_to_thought), *pieces[at:]]

    return in_events(exchange, edit, CHAT) if is_text(exchange, CHAT) else None


def _to_thought(doc: Json) -> bool:
    delta = next(messages(doc))
    delta.pop("content")
    return put(delta, "reasoning_content", "The user asks.")


def response_ends_in_thought(exchange: Exchange) -> Exchange | None:
    """The reasoning of a response stands after its message: OpenAI refuses such an item in the next request."""

    def change(body: Json) -> bool:
        output = members(body, "output")
        thoughts = [item for item in output if member(item, "type") == "reasoning"]
        rest = [item for item in output if member(item, "type") != "reasoning"]
        return bool(thoughts and rest) and put(body, "output", [*rest, *thoughts])

    return in_plain(exchange, change, RESPONSES)


def _text(piece: Piece) -> str:
    content = member(next(messages(piece.doc), {}), "content")
    return content if isinstance(content, str) else ""


def _saying(piece: Piece, text: str) -> Piece:
    return piece.changed(lambda doc: put(next(messages(doc)), "content", text)) if _text(piece) else piece


_STREAMS = ("chat-stream", "chat-stream-usage")

MUTATIONS = (
    Row(
        drifts=("ST32",),
        severity=Severity.BREAKING,
        summary="the deltas are trimmed",
        caught_by=("deltas-trimmed",),
        apply=deltas_trimmed,
        twin=fewer_events,
        exercised_by=_STREAMS,
    ),
    Row(
        drifts=("ST33",),
        severity=Severity.BREAKING,
        summary="each delta comes twice",
        caught_by=("deltas-repeated",),
        apply=deltas_doubled,
        twin=fewer_events,
        exercised_by=_STREAMS,
    ),
    Row(
        drifts=("ST31",),
        severity=Severity.RISKY,
        summary="reasoning after the text has begun",
        caught_by=("reasoning-after-answer",),
        apply=reasoning_late,
        twin=reasoning_first,
        exercised_by=_STREAMS,
    ),
    Row(
        drifts=("ST31",),
        severity=Severity.RISKY,
        summary="the last item of a response is reasoning",
        caught_by=("reasoning-after-answer",),
        apply=response_ends_in_thought,
        twin=again,
        exercised_by=("responses-reasoning",),
    ),
)
