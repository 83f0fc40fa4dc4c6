"""Harmless variations (B01 to B40 of the catalogue): what two recordings of one route may differ in."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from random import Random

from gate.endpoints import member
from gate.model import Chunk, Exchange, Json
from gate.mutations._chat import answer, calling, calls, choices, heads, named, reargued, slot, spoken, usages
from gate.mutations._edit import (
    CHAT,
    Change,
    Piece,
    asked,
    drop,
    every,
    in_body,
    in_docs,
    in_error,
    in_events,
    labelled,
    places,
    put,
    rewritten,
    seen,
    served,
    streamed,
    whole,
)
from gate.replay.vary import vary


def again(exchange: Exchange) -> Exchange | None:
    """Another recording: other ids, times, words and chunks (B01, B02, B05, B07)."""
    varied = vary(exchange, Random(7))  # noqa: S311
    return None if varied == exchange else varied


def respaced(exchange: Exchange) -> Exchange | None:
    """The same JSON with other whitespace."""
    found = seen(exchange)
    if not whole(exchange) or exchange.response is None:
        return None
    if found.form == "stream":
        return in_events(exchange, lambda pieces: [_respaced(piece) for piece in pieces])
    return rewritten(exchange, json.dumps(found.body, indent=3).encode()) if found.form == "json" else None


def _respaced(piece: Piece) -> Piece:
    if not isinstance(piece.doc, dict):
        return piece
    # the style is that of the frame, so that one with other spacing makes the JSON follow
    loose = b'": ' in piece.raw
    text = json.dumps(piece.doc, separators=(",", ":") if loose else (", ", ": ")).encode()
    start = piece.raw.index(b"{")
    end = piece.raw.rindex(b"}") + 1
    return replace(piece, raw=piece.raw[:start] + text + piece.raw[end:])


def added_field(exchange: Exchange) -> Exchange | None:
    """A field that nobody knows (B21, S27)."""
    return in_docs(exchange, lambda doc: isinstance(doc, dict) and doc.setdefault("provider", "other") == "other")


def other_headers(exchange: Exchange) -> Exchange | None:
    """Headers that say who served it (B30)."""
    return labelled(exchange, server="edge", date="Thu, 01 Jan 2026 00:00:00 GMT", x_request_id="req_2", via="1.1 edge")


def kept_alive(exchange: Exchange) -> Exchange | None:
    """The connection stays open after a complete body, or is closed (B39)."""
    return labelled(exchange, connection="close")


def snapshot(exchange: Exchange) -> Exchange | None:
    """The dated snapshot of the model that was asked for (B04)."""

    def change(doc: Json) -> bool:
        return every([head for head in heads(doc) if head.get("model")], lambda head: put(head, "model", dated))

    wanted = asked(exchange, "model")
    dated = f"{wanted}-2026-01-15"
    return in_docs(exchange, change) if isinstance(wanted, str) and answer(exchange).model == wanted else None


def other_usage(exchange: Exchange) -> Exchange | None:
    """Other counts whose sum still holds (B15)."""

    def change(doc: Json) -> bool:
        fitting = [u for u in usages(doc) if all(type(u.get(k)) is int for k in ("prompt_tokens", "total_tokens"))]
        for usage in fitting:
            usage["prompt_tokens"] += 1
            usage["total_tokens"] += 1
        return bool(fitting)

    return in_docs(exchange, change)


def other_prose(exchange: Exchange) -> Exchange | None:
    """Another wording of the same failure (B36)."""

    def change(error: Json) -> bool:
        fits = isinstance(error.get("message"), str)
        error["message"] = f"{error.get('message')} (request id req_2)"
        return fits

    return in_error(exchange, change)


def other_spacing_of_arguments(exchange: Exchange) -> Exchange | None:
    """Arguments with other whitespace and key order, and other cuts (B10)."""
    return reargued(exchange, _shuffled)


def _shuffled(arguments: str) -> str:
    try:
        value = json.loads(arguments)
    except (ValueError, RecursionError):
        return arguments
    turned = dict(reversed(value.items())) if isinstance(value, dict) else value
    return json.dumps(turned, separators=(" ,", " : "))


# -- streams ------------------------------------------------------------------------------------


def fewer_events(exchange: Exchange) -> Exchange | None:
    """Two deltas of text as one (B06)."""
    return in_events(exchange, _joined, CHAT)


def _joined(found: list[Piece]) -> list[Piece] | None:
    for at in places(found, "content"):
        if at + 1 < len(found) and found[at].kinds == found[at + 1].kinds == ("content",):
            first, second = (next(spoken(piece.doc), {}) for piece in found[at : at + 2])
            if isinstance(first.get("content"), str) and isinstance(second.get("content"), str):
                both = found[at + 1].changed(_saying(first["content"] + second["content"]))
                return [*found[:at], both, *found[at + 2 :]]
    return None


def _saying(text: str) -> Callable[[Json], bool]:
    def change(doc: Json) -> bool:
        next(spoken(doc))["content"] = text
        return True

    return change


def role_with_content(exchange: Exchange) -> Exchange | None:
    """The role in the first delta of content, not in one of its own (B11)."""

    def edit(found: list[Piece]) -> list[Piece] | None:
        roles, texts = places(found, "role"), places(found, "content")
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


def nulls_toggled(exchange: Exchange) -> Exchange | None:
    """Optional members that are null left out (B20)."""
    optional = ("refusal", "annotations", "audio", "function_call", "logprobs", "service_tier", "system_fingerprint")

    def change(doc: Json) -> bool:
        holders = [doc, *choices(doc), *spoken(doc)]
        found = [(h, key) for h in holders for key in optional if isinstance(h, dict) and h.get(key, 0) is None]
        for holder, key in found:
            del holder[key]
        return bool(found)

    return in_docs(exchange, change, CHAT)


def null_error(exchange: Exchange) -> Exchange | None:
    """A success that also says `"error": null` (twin of ER06)."""

    def change(body: Json) -> bool:
        fits = isinstance(body, dict) and "error" not in body
        if fits:
            body["error"] = None
        return fits

    return in_body(exchange, change) if served(exchange) else None


# -- tolerable: other routes do it, and nothing breaks --------------------------------------------


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


def filter_results(exchange: Exchange) -> Exchange | None:
    """Azure's annotations of filters (S32, B33)."""
    harmless = {"hate": {"filtered": False, "severity": "safe"}}

    def change(doc: Json) -> bool:
        return every(choices(doc), lambda choice: put(choice, "content_filter_results", harmless))

    return in_docs(exchange, change, CHAT)
