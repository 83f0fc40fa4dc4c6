"""Whether usage comes, how often, and where in a stream."""

from __future__ import annotations

from typing import Any

from gate.endpoints import member
from gate.model import Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.chat import answer, usages
from gate.mutations.edit import in_docs, in_plain, in_stream
from gate.mutations.facts import CHAT, COMPLETIONS, EMBEDDINGS, asked, seen, streamed
from gate.mutations.frames import Piece, in_events, places, spliced
from gate.mutations.harmless import again, other_usage
from gate.mutations.harmless_streams import null_usage_chunks
from gate.mutations.values import drop, each, every, put

# made-up counts that add up, so that usage-sum stays silent
_USAGE = {"prompt_tokens": 12, "completion_tokens": 3, "total_tokens": 15}


def usage_missing(exchange: Exchange) -> Exchange | None:
    """No usage: costs are zero, and budgets have no end."""

    def change(doc: Json) -> bool:
        return drop(doc, "usage")

    def edit(pieces: list[Piece]) -> list[Piece]:
        return [piece.changed(change) for piece in pieces if piece.kinds != ("usage",)]

    if not streamed(exchange):
        return in_plain(exchange, change, CHAT, COMPLETIONS, EMBEDDINGS)
    return in_events(exchange, edit, CHAT, COMPLETIONS) if _includes_usage(exchange) else None


def usage_null(exchange: Exchange) -> Exchange | None:
    """Usage is null in a plain answer: readers raise on the first member."""

    def change(doc: Json) -> bool:
        return isinstance(member(doc, "usage"), dict) and put(doc, "usage", None)

    return in_plain(exchange, change, CHAT, COMPLETIONS, EMBEDDINGS)


def usage_each_chunk(exchange: Exchange) -> Exchange | None:
    """Usage on every chunk, growing: clients that add it up count many times over."""
    usage = answer(exchange).usage

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        if not isinstance(usage, dict) or len(places(pieces, "usage")) != 1:
            return None
        return [piece.changed(lambda doc: put(doc, "usage", usage)) for piece in pieces]

    return in_events(exchange, edit, CHAT)


def usage_twice(exchange: Exchange) -> Exchange | None:
    """Usage in the finish chunk and again in a chunk of its own: clients that add it up bill twice."""
    usage = answer(exchange).usage

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        ends, counted = places(pieces, "finish"), places(pieces, "usage")
        if len(counted) != 1 or not ends or ends[-1] == counted[0]:
            return None
        return spliced(pieces, ends[-1], pieces[ends[-1]].changed(lambda doc: put(doc, "usage", usage)))

    return in_events(exchange, edit, CHAT)


def usage_unasked(exchange: Exchange) -> Exchange | None:
    """A chunk of usage without choices that nobody asked for: parsers that want a choice in each chunk crash."""

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        ends = places(pieces, "finish")
        if not ends or places(pieces, "usage"):
            return None
        last = pieces[ends[-1]]
        return spliced(pieces, ends[-1], last, last.beside({**last.doc, "choices": [], "usage": _USAGE}))

    return None if _includes_usage(exchange) else in_events(exchange, edit, CHAT)


def usage_nulls_toggled(exchange: Exchange) -> Exchange | None:
    """`usage: null` on the chunks before the end comes, or goes: who reads its counts wherever the key is raises."""
    if not any("null" in seen(exchange).shape[path].types for path in ("usage",) if path in seen(exchange).shape):
        return null_usage_chunks(exchange)
    return in_stream(exchange, lambda doc: member(doc, "usage") is None and drop(doc, "usage"), CHAT)


def usage_details_dropped(exchange: Exchange) -> Exchange | None:
    """The breakdown of the counts is left out: cached tokens are billed in full."""

    def change(usage: dict[str, Any]) -> bool:
        return every([key for key in usage if key.endswith("_details") and usage[key]], lambda key: drop(usage, key))

    return in_docs(exchange, each(usages, change), CHAT, COMPLETIONS)


def _includes_usage(exchange: Exchange) -> bool:
    return bool(member(asked(exchange, "stream_options"), "include_usage"))


MUTATIONS = (
    Row(
        drifts=("US01",),
        # US01 is risky in the catalogue; code that reads usage.total_tokens raises (usage-missing)
        severity=Severity.BREAKING,
        summary="usage is missing",
        caught_by=("usage-missing", "usage-chunk-missing"),
        apply=usage_missing,
        twin=other_usage,
        exercised_by=("chat-stream-usage", "chat", "embed"),
    ),
    Row(
        drifts=("US01", "US05"),
        severity=Severity.RISKY,
        summary="usage is null",
        caught_by=("usage-missing",),
        apply=usage_null,
        twin=other_usage,
        exercised_by=("chat", "embed"),
    ),
    Row(
        drifts=("US02",),
        severity=Severity.RISKY,
        summary="usage on every chunk",
        caught_by=("usage-repeated",),
        apply=usage_each_chunk,
        twin=null_usage_chunks,
        exercised_by=("chat-stream-usage",),
    ),
    Row(
        drifts=("US11",),
        severity=Severity.RISKY,
        summary="usage comes twice",
        caught_by=("usage-repeated",),
        apply=usage_twice,
        twin=null_usage_chunks,
        exercised_by=("chat-stream-usage",),
    ),
    Row(
        drifts=("ST02",),
        severity=Severity.RISKY,
        summary="a usage chunk that nobody asked for",
        caught_by=("usage-unasked",),
        apply=usage_unasked,
        twin=null_usage_chunks,
        exercised_by=("chat-stream",),
    ),
    Row(
        drifts=("US03",),
        severity=Severity.INFO,
        summary="usage is null on chunks, or no longer is",
        caught_by=("usage-null-chunks",),
        apply=usage_nulls_toggled,
        twin=again,
        exercised_by=("chat-stream-usage", "param-stream-options"),
    ),
    Row(
        drifts=("US08",),
        severity=Severity.INFO,
        summary="the details of usage are gone",
        caught_by=("usage-details-lost",),
        apply=usage_details_dropped,
        twin=other_usage,
        exercised_by=("chat", "chat-stream-usage", "long-history"),
    ),
)
