"""What each chunk of a stream says: the role again, another `created` or model, no finish_reason, two kinds of text."""

from __future__ import annotations

from typing import Any

from gate.endpoints import member
from gate.model import Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.chat import answer, choices, heads, is_text, messages
from gate.mutations.edit import in_stream
from gate.mutations.facts import CHAT, seen
from gate.mutations.frames import Piece, in_events, pieces_of, places, spliced
from gate.mutations.harmless import again
from gate.mutations.harmless_streams import created_grows, finish_left_out, role_repeated, role_with_content
from gate.mutations.stream.deltas import reasoning_first
from gate.mutations.values import each, put


def role_on_every_chunk(exchange: Exchange) -> Exchange | None:
    """The role on every chunk: what adds up texts ends at `assistantassistant`."""
    once = len(answer(exchange).choices) == 1 == len(_carrying(exchange, "role"))
    # two chunks at least that are not the last
    several = len(_carrying(exchange, "content", "tool")) > 1
    return role_repeated(exchange) if once and several else None


def created_changes(exchange: Exchange) -> Exchange | None:
    """Each chunk has its own `created`: logs that key by it see several answers."""
    spread = seen(exchange).timing.spread
    # below a second nothing need change: stream-id-changes
    brief = spread is not None and spread < 1000
    times = {str(member(piece.doc, "created")) for piece in pieces_of(exchange) if isinstance(piece.doc, dict)}
    # four: a second more for every three chunks
    long = len(_carrying(exchange, "content", "tool")) > 3
    return created_grows(exchange) if long and not brief and len(times) == 1 else None


def streamed_model_other(exchange: Exchange) -> Exchange | None:
    """A stream names its model otherwise than the plain answer does: bills of one alias fall apart."""
    name = answer(exchange).model

    def change(head: dict[str, Any]) -> bool:
        return isinstance(name, str) and head.get("model") == name != "" and put(head, "model", f"eu/{name}")

    return in_stream(exchange, each(heads, change), CHAT)


def finish_key_left_out(exchange: Exchange) -> Exchange | None:
    """No key finish_reason before the last chunk: who reads it from each raises."""
    whole = all("finish_reason" in choice for event in seen(exchange).events for choice in choices(event.doc))
    return finish_left_out(exchange) if whole else None


def thought_beside_word(exchange: Exchange) -> Exchange | None:
    """The last thought and the first word in one delta: who reads it as one kind loses the other."""

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        words = [at for at in places(pieces, "content") if "reasoning" not in pieces[at].kinds]
        joined = any({"reasoning", "content"} <= set(piece.kinds) for piece in pieces)
        return None if joined or not words else spliced(pieces, words[0], pieces[words[0]].changed(_also_thought))

    return in_events(exchange, edit, CHAT) if is_text(exchange, CHAT) else None


def _also_thought(doc: Json) -> bool:
    return put(next(messages(doc), None), "reasoning_content", "So be it.")


def _carrying(exchange: Exchange, *kinds: str) -> list[int]:
    return [at for at in places(pieces_of(exchange), *kinds) if "finish" not in pieces_of(exchange)[at].kinds]


_STREAMS = ("chat-stream", "chat-stream-usage")
_LONG = ("count-stream", "prose-stream")

MUTATIONS = (
    Row(
        drifts=("ST08",),
        severity=Severity.INFO,
        summary="the role is on every chunk",
        caught_by=("role-repeated",),
        apply=role_on_every_chunk,
        twin=role_with_content,
        exercised_by=_STREAMS,
    ),
    Row(
        drifts=("ST17",),
        severity=Severity.INFO,
        summary="created differs within a stream",
        caught_by=("stream-id-changes",),
        apply=created_changes,
        twin=again,
        exercised_by=_LONG,
    ),
    Row(
        drifts=("ST18",),
        severity=Severity.INFO,
        summary="a stream names another model than the plain answer",
        caught_by=("stream-differs-from-plain",),
        apply=streamed_model_other,
        twin=again,
        exercised_by=_STREAMS,
        needs="twin",
    ),
    Row(
        drifts=("S18",),
        severity=Severity.INFO,
        summary="chunks lack the key finish_reason",
        caught_by=("finish-reason-missing",),
        apply=finish_key_left_out,
        twin=role_with_content,
        exercised_by=_STREAMS,
    ),
    Row(
        drifts=("ST30",),
        severity=Severity.INFO,
        summary="a thought and a word in one delta",
        caught_by=("deltas-joined",),
        apply=thought_beside_word,
        twin=reasoning_first,
        exercised_by=_STREAMS,
    ),
)
