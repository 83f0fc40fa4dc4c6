"""Harmless variations of streams, and those that other routes have and clients tolerate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gate.endpoints import member
from gate.model import Chunk, Exchange, Json
from gate.mutations._chat import (
    answer,
    calling,
    calls,
    choices,
    named,
    slot,
    spoken,
)
from gate.mutations._edit import (
    CHAT,
    Change,
    Piece,
    drop,
    every,
    in_docs,
    in_events,
    places,
    put,
    seen,
    served,
    streamed,
)


def fewer_events(exchange: Exchange) -> Exchange | None:
    """Two deltas of text as one (B06)."""
    return in_events(exchange, _joined, CHAT)


def _joined(found: list[Piece]) -> list[Piece] | None:
    for at in places(found, "content"):
        alike = at + 1 < len(found) and found[at].kinds == found[at + 1].kinds == ("content",)
        if alike and _lane(found[at]) == _lane(found[at + 1]):
            first, second = (next(spoken(piece.doc), {}) for piece in found[at : at + 2])
            if isinstance(first.get("content"), str) and isinstance(second.get("content"), str):
                both = found[at + 1].changed(_saying(first["content"] + second["content"]))
                return [*found[:at], both, *found[at + 2 :]]
    return None


def _lane(piece: Piece) -> Json:
    """Which choice a frame belongs to."""
    return next((choice.get("index") for choice in choices(piece.doc)), None)


def _saying(text: str) -> Callable[[Json], bool]:
    def change(doc: Json) -> bool:
        next(spoken(doc))["content"] = text
        return True

    return change


def role_with_content(exchange: Exchange) -> Exchange | None:
    """The role in the first delta of content, not in one of its own (B11)."""

    def edit(found: list[Piece]) -> list[Piece] | None:
        roles = places(found, "role")
        texts = [i for i in places(found, "content") if roles and _lane(found[i]) == _lane(found[roles[0]])]
        if not (roles and texts) or found[roles[0]].kinds != ("role",) or calling(exchange):
            return None
        role = next(spoken(found[roles[0]].doc)).get("role")

        def change(doc: Json) -> bool:
            part = next(spoken(doc))
            content = part.pop("content", "")
            part.update(role=role, content=content)
            return True

        return [p.changed(change) if i == texts[0] else p for i, p in enumerate(found) if i != roles[0]]

    return in_events(exchange, edit, CHAT)


def role_without_content(exchange: Exchange) -> Exchange | None:
    """No empty content beside the role (B12)."""

    def change(doc: Json) -> bool:
        fitting = [p for p in spoken(doc) if p.get("role") and p.get("content", 1) in ("", None)]
        for part in fitting:
            del part["content"]
        return bool(fitting)

    return in_docs(exchange, change, CHAT) if streamed(exchange, CHAT) else None


def finish_with_content(exchange: Exchange) -> Exchange | None:
    """finish_reason in the last delta of content (B14, ST13)."""

    def edit(found: list[Piece]) -> list[Piece] | None:
        ends, texts = places(found, "finish"), places(found, "content")
        if len(ends) != 1 or not texts or found[ends[0]].kinds != ("finish",) or texts[-1] > ends[0]:
            return None
        reason = next(choices(found[ends[0]].doc)).get("finish_reason")

        def change(doc: Json) -> bool:
            next(choices(doc))["finish_reason"] = reason
            return True

        return [p.changed(change) if i == texts[-1] else p for i, p in enumerate(found) if i != ends[0]]

    return in_events(exchange, edit, CHAT)


def empty_delta_before_finish(exchange: Exchange) -> Exchange | None:
    """One more delta without a text (B13)."""

    def edit(found: list[Piece]) -> list[Piece] | None:
        texts = [i for i in places(found, "content") if found[i].kinds == ("content",)]
        if not texts:
            return None
        return [*found[: texts[-1] + 1], found[texts[-1]].changed(_saying("")), *found[texts[-1] + 1 :]]

    return in_events(exchange, edit, CHAT)


def null_usage_chunks(exchange: Exchange) -> Exchange | None:
    """`usage: null` in the chunks before the one that has it (B23, US03)."""

    def change(doc: Json) -> bool:
        fits = isinstance(doc, dict) and "usage" not in doc
        doc.setdefault("usage", None)
        return fits

    fits = streamed(exchange, CHAT) and any("usage" in piece for piece in _kinds(exchange))
    return in_docs(exchange, change, CHAT) if fits else None


def _kinds(exchange: Exchange) -> list[tuple[str, ...]]:
    return [tuple(kind for kind, _ in event.kinds) for event in seen(exchange).events]


def comments(exchange: Exchange) -> Exchange | None:
    """Comments that keep the connection alive (B09, T10)."""

    def edit(found: list[Piece]) -> list[Piece]:
        return [part for piece in found for part in (piece.framed(b": ping\n\n"), piece)]

    return in_events(exchange, edit)


def bursts(exchange: Exchange) -> Exchange | None:
    """Two reads at a time (B35): every second chunk waits for the next one."""
    chunks = exchange.chunks
    if len(chunks) < 4 or not served(exchange):
        return None
    later = [chunks[i + 1].at_ms if i % 2 == 0 and i + 1 < len(chunks) else c.at_ms for i, c in enumerate(chunks)]
    return replace(exchange, chunks=tuple(Chunk(at, c.size) for at, c in zip(later, chunks, strict=True)))


def role_repeated(exchange: Exchange) -> Exchange | None:
    """The role on every chunk (ST08)."""
    roles = [c.role for c in answer(exchange).choices if isinstance(c.role, str) and c.role]
    if not streamed(exchange, CHAT) or not roles:
        return None
    return in_docs(exchange, lambda doc: every(spoken(doc), lambda part: put(part, "role", roles[0])))


def created_grows(exchange: Exchange) -> Exchange | None:
    """`created` is the time of each chunk (ST17)."""

    def edit(found: list[Piece]) -> list[Piece]:
        return [piece.changed(_later(number // 3)) for number, piece in enumerate(found)]

    return in_events(exchange, edit, CHAT)


def _later(seconds: int) -> Change:
    def change(doc: Json) -> bool:
        return type(doc.get("created")) is int and put(doc, "created", doc["created"] + seconds)

    return change


def nulls_in_fragments(exchange: Exchange) -> Exchange | None:
    """Explicit nulls for id, type and name in later parts of a call (TL06)."""

    def change(call: Json) -> bool:
        function = call.get("function")
        fits = isinstance(function, dict) and "name" not in function and "id" not in call
        if fits:
            call.update(id=None, type=None)
            function["name"] = None
        return fits

    fits = streamed(exchange, CHAT)
    return in_docs(exchange, lambda doc: every(calls(doc), change)) if fits else None


def call_in_one_block(exchange: Exchange) -> Exchange | None:
    """Each call whole in one delta (LA05): all but the first fragment are empty, and left out."""
    texts: dict[int | None, str] = {}
    for event in seen(exchange).events:
        for call in calls(event.doc):
            said = member(member(call, "function"), "arguments")
            texts[slot(call)] = texts.get(slot(call), "") + (said if isinstance(said, str) else "")

    def edit(found: list[Piece]) -> list[Piece]:
        parts = [piece for piece in found if set(piece.kinds) <= {"role", "tool"} and any(calls(piece.doc))]
        dropped = {id(piece) for piece in parts if not any(named(piece.doc))}
        return [piece.changed(_whole(texts)) for piece in found if id(piece) not in dropped]

    # where the fold stumbles already, fragments can't be told apart
    return in_events(exchange, edit, CHAT) if calling(exchange) and not seen(exchange).problems else None


def _whole(texts: dict[int | None, str]) -> Change:
    def change(call: Json) -> bool:
        function = call.get("function")
        said = texts.get(slot(call), "{}") if member(function, "name") else ""
        return isinstance(function, dict) and "arguments" in function and put(function, "arguments", said)

    return lambda doc: every(calls(doc), change)


def finish_left_out(exchange: Exchange) -> Exchange | None:
    """No `finish_reason` key before the end (S18)."""

    def change(choice: Json) -> bool:
        return choice.get("finish_reason", 0) is None and drop(choice, "finish_reason")

    fits = streamed(exchange, CHAT)
    return in_docs(exchange, lambda doc: every(choices(doc), change)) if fits else None
