"""Harmless variations (B01 to B40 of the catalogue): what two recordings of one route may differ in.

Each gives the exchange as it would be then; None where it does not fit.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

from gate.model import Chunk, Exchange, Json
from gate.mutations.chat import answer, choices, heads, is_text, messages, usages
from gate.mutations.edit import in_docs, in_error, in_plain
from gate.mutations.facts import CHAT, asked, plain, seen, served, whole
from gate.mutations.frames import Piece, in_events
from gate.mutations.replies import gzipped, labelled, rewritten
from gate.mutations.texts import with_arguments, with_text
from gate.mutations.values import each, every, put

# the ids of chat, of function calls and of items in events; request ids are headers (other_headers)
_IDS = frozenset({"id", "call_id", "item_id"})
_TIMES = frozenset({"created", "created_at"})
# one for one, so that what was unique, or the same, stays so
_NEXT = str.maketrans("0123456789", "1234567890") | str.maketrans("abcdefABCDEF", "bcdefaBCDEFA")
# other words of the same length, so that cuts and counts stay right
_VOWELS = str.maketrans("aeiouAEIOU", "eiouaEIOUA")


def again(exchange: Exchange) -> Exchange | None:
    """Another recording: other ids, another day, other words, and reads that split events (B01, B02, B05, B07)."""
    if not served(exchange) or exchange.request.method != "POST":
        return None
    renamed = in_docs(exchange, _renewed) or exchange
    reworded = with_text(renamed, lambda text: text.translate(_VOWELS)) if is_text(exchange, CHAT) else None
    other = reworded or renamed
    varied = replace(other, chunks=tuple(_resplit(other.chunks)))
    return None if varied == exchange else varied


def _renewed(value: Json) -> bool:
    if isinstance(value, list):
        return every(value, _renewed)
    if not isinstance(value, dict):
        return False
    ids = [key for key, name in value.items() if isinstance(name, str) and key in _IDS]
    dates = [key for key, at in value.items() if type(at) is int and key in _TIMES]
    named = every(ids, lambda key: put(value, key, _next(value[key])))
    # a day in seconds
    dated = every(dates, lambda key: put(value, key, value[key] + 86_400))
    return every(value.values(), _renewed) or named or dated


def _next(name: str) -> str:
    """Another id with the same prefix, length and alphabet."""
    start = max(name.rfind("_"), name.rfind("-")) + 1
    return name[:start] + name[start:].translate(_NEXT)


def _resplit(chunks: Sequence[Chunk]) -> Iterator[Chunk]:
    for number, chunk in enumerate(chunks):
        # every third, so that reads of both kinds are there; chosen
        half = chunk.size // 2 if number % 3 == 0 else 0
        yield from (Chunk(chunk.at_ms, size) for size in (half, chunk.size - half) if size)


def respaced(exchange: Exchange) -> Exchange | None:
    """The same JSON with other whitespace."""
    observation = seen(exchange)
    if not whole(exchange):
        return None
    if observation.form == "stream":
        return in_events(exchange, lambda pieces: [_respaced(piece) for piece in pieces])
    # 3 is chosen: no recorded body has that indent
    return rewritten(exchange, json.dumps(observation.body, indent=3).encode()) if observation.form == "json" else None


def _respaced(piece: Piece) -> Piece:
    if not isinstance(piece.doc, dict):
        return piece
    # the style is that of the frame, so that one with other spacing makes the JSON follow
    loose = b'": ' in piece.raw
    text = json.dumps(piece.doc, separators=(",", ":") if loose else (", ", ": ")).encode()
    start = piece.raw.index(b"{")
    end = piece.raw.rindex(b"}") + 1
    return replace(piece, raw=piece.raw[:start] + text + piece.raw[end:])


def compressed_json(exchange: Exchange) -> Exchange | None:
    """A JSON body that really is compressed (B40)."""
    return gzipped(exchange) if plain(exchange) else None


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
    # OpenAI's form of a snapshot: gpt-4o-2024-08-06 (B04)
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
    return with_arguments(exchange, _shuffled)


def _shuffled(arguments: str) -> str:
    try:
        value = json.loads(arguments)
    except (ValueError, RecursionError):
        return arguments
    turned = dict(reversed(value.items())) if isinstance(value, dict) else value
    return json.dumps(turned, separators=(" ,", " : "))


def nulls_toggled(exchange: Exchange) -> Exchange | None:
    """Optional members that are null left out (B20)."""
    optional = ("refusal", "annotations", "audio", "function_call", "logprobs", "service_tier", "system_fingerprint")

    def change(doc: Json) -> bool:
        holders = [doc, *choices(doc), *messages(doc)]
        nulls = [(h, key) for h in holders for key in optional if isinstance(h, dict) and h.get(key, 0) is None]
        for holder, key in nulls:
            del holder[key]
        return bool(nulls)

    return in_docs(exchange, change, CHAT)


def null_error(exchange: Exchange) -> Exchange | None:
    """A success that also says `"error": null` (twin of ER06)."""

    def change(body: Json) -> bool:
        return isinstance(body, dict) and "error" not in body and put(body, "error", None)

    return in_plain(exchange, change)


def filter_results(exchange: Exchange) -> Exchange | None:
    """Azure's annotations of filters (S32, B33)."""
    # https://learn.microsoft.com/azure/ai-services/openai/concepts/content-filter
    harmless = {"hate": {"filtered": False, "severity": "safe"}}
    change = each(choices, lambda choice: put(choice, "content_filter_results", harmless))
    return in_docs(exchange, change, CHAT)
