"""Harmless variations of streams, and those that other routes have and clients tolerate.

Each gives the exchange as it would be then; None where it does not fit.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gate.endpoints import member
from gate.model import Chunk, Exchange, Json
from gate.mutations.chat import answer, calls, calls_tools, choices, holder, messages, named, slot
from gate.mutations.edit import in_stream
from gate.mutations.facts import CHAT, seen, served
from gate.mutations.frames import Piece, in_events, places, spliced
from gate.mutations.values import Change, drop, each, put

# -- deltas of text -------------------------------------------------------------------------------


def fewer_events(exchange: Exchange) -> Exchange | None:
    """Two deltas of text as one (B06)."""
    return in_events(exchange, _joined, CHAT)


def text_in_one_event(exchange: Exchange) -> Exchange | None:
    """A stream whose whole text is one delta."""

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        joined = shorter = _joined(pieces)
        while shorter is not None:
            joined, shorter = shorter, _joined(shorter)
        return joined

    return in_events(exchange, edit, CHAT)


def _joined(pieces: list[Piece]) -> list[Piece] | None:
    for at in places(pieces, "content"):
        alike = at + 1 < len(pieces) and pieces[at].kinds == pieces[at + 1].kinds == ("content",)
        if alike and _lane(pieces[at]) == _lane(pieces[at + 1]):
            first, second = (next(messages(piece.doc), {}).get("content") for piece in pieces[at : at + 2])
            if isinstance(first, str) and isinstance(second, str):
                return [*pieces[:at], pieces[at + 1].changed(_with_content(first + second)), *pieces[at + 2 :]]
    return None


def _lane(piece: Piece) -> Json:
    """Which choice a frame belongs to."""
    return next((choice.get("index") for choice in choices(piece.doc)), None)


def _with_content(text: str) -> Change:
    def change(doc: Json) -> bool:
        next(messages(doc))["content"] = text
        return True

    return change


def empty_delta_before_finish(exchange: Exchange) -> Exchange | None:
    """One more delta without a text (B13)."""

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        texts = [i for i in places(pieces, "content") if pieces[i].kinds == ("content",)]
        if not texts:
            return None
        last = pieces[texts[-1]]
        return spliced(pieces, texts[-1], last, last.changed(_with_content("")))

    return in_events(exchange, edit, CHAT)


# -- the role and the end -------------------------------------------------------------------------


def role_with_content(exchange: Exchange) -> Exchange | None:
    """The role in the first delta of content, not in one of its own (B11)."""

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        roles = places(pieces, "role")
        texts = [i for i in places(pieces, "content") if roles and _lane(pieces[i]) == _lane(pieces[roles[0]])]
        if not (roles and texts) or pieces[roles[0]].kinds != ("role",) or calls_tools(exchange):
            return None
        role = next(messages(pieces[roles[0]].doc)).get("role")

        def change(doc: Json) -> bool:
            part = next(messages(doc))
            content = part.pop("content", "")
            part.update(role=role, content=content)
            return True

        return spliced(spliced(pieces, texts[0], pieces[texts[0]].changed(change)), roles[0])

    return in_events(exchange, edit, CHAT)


def role_without_content(exchange: Exchange) -> Exchange | None:
    """No empty content beside the role (B12)."""

    def change(part: dict[str, Any]) -> bool:
        return bool(part.get("role")) and part.get("content", 1) in ("", None) and drop(part, "content")

    return in_stream(exchange, each(messages, change), CHAT)


def role_repeated(exchange: Exchange) -> Exchange | None:
    """The role on every chunk (ST08)."""
    roles = [c.role for c in answer(exchange).choices if isinstance(c.role, str) and c.role]
    return in_stream(exchange, each(messages, lambda part: put(part, "role", roles[0])), CHAT) if roles else None


def finish_with_content(exchange: Exchange) -> Exchange | None:
    """finish_reason in the last delta of content (B14, ST13)."""

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        ends, texts = places(pieces, "finish"), places(pieces, "content")
        if len(ends) != 1 or not texts or pieces[ends[0]].kinds != ("finish",) or texts[-1] > ends[0]:
            return None
        # a call may come after the text
        if places(pieces, "content", "tool")[-1] != texts[-1]:
            return None
        reason = next(choices(pieces[ends[0]].doc)).get("finish_reason")

        def change(doc: Json) -> bool:
            next(choices(doc))["finish_reason"] = reason
            return True

        return spliced(spliced(pieces, texts[-1], pieces[texts[-1]].changed(change)), ends[0])

    return in_events(exchange, edit, CHAT)


def finish_left_out(exchange: Exchange) -> Exchange | None:
    """No `finish_reason` key before the end (S18)."""

    def change(choice: dict[str, Any]) -> bool:
        return choice.get("finish_reason", 0) is None and drop(choice, "finish_reason")

    return in_stream(exchange, each(choices, change), CHAT)


# -- what stands beside and between ---------------------------------------------------------------


def null_usage_chunks(exchange: Exchange) -> Exchange | None:
    """`usage: null` in the chunks before the one that has it (B23, US03)."""

    def change(doc: Json) -> bool:
        return "usage" not in doc and put(doc, "usage", None)

    counted = any(kind == "usage" for event in seen(exchange).events for kind, _ in event.kinds)
    return in_stream(exchange, change, CHAT) if counted else None


def comments(exchange: Exchange) -> Exchange | None:
    """Comments that keep the connection alive (B09, T10)."""

    def edit(pieces: list[Piece]) -> list[Piece]:
        return [part for piece in pieces for part in (piece.framed(b": ping\n\n"), piece)]

    return in_events(exchange, edit)


def created_grows(exchange: Exchange) -> Exchange | None:
    """`created` is the time of each chunk (ST17)."""

    def edit(pieces: list[Piece]) -> list[Piece]:
        # a second for every three chunks: within one second chunks share their `created`, as llama.cpp's do
        return [piece.changed(_later(number // 3)) for number, piece in enumerate(pieces)]

    return in_events(exchange, edit, CHAT)


def _later(seconds: int) -> Change:
    return lambda doc: type(doc.get("created")) is int and put(doc, "created", doc["created"] + seconds)


def bursts(exchange: Exchange) -> Exchange | None:
    """Two reads at a time (B35): every second chunk waits for the next one."""
    chunks = exchange.chunks
    # four: two pairs of reads are the least in which a burst shows
    if len(chunks) < 4 or not served(exchange):
        return None
    later = [chunks[i + 1].at_ms if i % 2 == 0 and i + 1 < len(chunks) else c.at_ms for i, c in enumerate(chunks)]
    return replace(exchange, chunks=tuple(Chunk(at, c.size) for at, c in zip(later, chunks, strict=True)))


# -- tool calls -----------------------------------------------------------------------------------


def nulls_in_fragments(exchange: Exchange) -> Exchange | None:
    """Explicit nulls for id and name in later parts of a call (TL06; a null type breaks openai-python's helper)."""

    def change(call: dict[str, Any]) -> bool:
        function = call.get("function")
        if not isinstance(function, dict) or "name" in function or "id" in call:
            return False
        call["id"] = None
        function["name"] = None
        return True

    return in_stream(exchange, each(calls, change), CHAT)


def call_in_one_block(exchange: Exchange) -> Exchange | None:
    """Each call whole in one delta (LA05): all but the first fragment are empty, and left out."""
    texts: dict[int | None, str] = {}
    for event in seen(exchange).events:
        for call in calls(event.doc):
            part, key = holder(call)
            text = member(part, key)
            texts[slot(call)] = texts.get(slot(call), "") + (text if isinstance(text, str) else "")

    def edit(pieces: list[Piece]) -> list[Piece]:
        parts = [piece for piece in pieces if set(piece.kinds) <= {"role", "tool"} and any(calls(piece.doc))]
        dropped = {id(piece) for piece in parts if not any(map(named, calls(piece.doc)))}
        return [piece.changed(_whole(texts)) for piece in pieces if id(piece) not in dropped]

    # where the fold stumbles already, fragments can't be told apart
    return in_events(exchange, edit, CHAT) if calls_tools(exchange) and not seen(exchange).problems else None


def _whole(texts: dict[int | None, str]) -> Change:
    def change(call: dict[str, Any]) -> bool:
        part, key = holder(call)
        text = texts.get(slot(call), "{}") if named(call) else ""
        return isinstance(part, dict) and key in part and put(part, key, text)

    return each(calls, change)
