"""What later deltas of a call hold in place of nothing, and lists and announcements of calls that are not there."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Sequence
from typing import Any

from gate.endpoints import members
from gate.model import Exchange, Json, Severity, ToolCall
from gate.mutations import Row
from gate.mutations.chat import answer, calls, calls_tools, finishing, is_text, messages, named_calls, slot
from gate.mutations.edit import in_docs, in_plain, in_stream
from gate.mutations.facts import CHAT, seen, streamed
from gate.mutations.frames import Piece, in_events, places
from gate.mutations.harmless import again, other_spacing_of_arguments
from gate.mutations.harmless_streams import nulls_in_fragments
from gate.mutations.values import each, parsed, put

# -- later deltas ---------------------------------------------------------------------------------


def tool_delta_blank(exchange: Exchange) -> Exchange | None:
    """Later deltas have an empty id and name: clients that copy them overwrite those of the first."""
    return in_stream(
        exchange, each(_later, lambda call: put(call, "id", "") and put(call["function"], "name", "")), CHAT
    )


def tool_delta_bare(exchange: Exchange) -> Exchange | None:
    """A padding delta without a function follows the first: code that reads its arguments raises."""
    return _padded(exchange, lambda index: {"index": index, "function": None})


def tool_arguments_null(exchange: Exchange) -> Exchange | None:
    """A padding delta has null for its arguments: text plus null raises."""
    return _padded(exchange, lambda index: {"index": index, "function": {"arguments": None}})


def padding_with_empty_text(exchange: Exchange) -> Exchange | None:
    """A padding delta with an empty text."""
    return _padded(exchange, lambda index: {"index": index, "function": {"arguments": ""}})


def _later(doc: Json) -> list[dict[str, Any]]:
    return [c for c in calls(doc) if isinstance(c.get("function"), dict) and not c["function"].get("name")]


def _padded(exchange: Exchange, padding: Callable[[int], dict[str, Any]]) -> Exchange | None:
    """One more delta of the first call, after the one that opens it."""

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        for at, piece in enumerate(pieces):
            call = next(named_calls(piece.doc), None)
            if call and type(call.get("index")) is int:
                return [*pieces[: at + 1], _beside(piece, padding(call["index"])), *pieces[at + 1 :]]
        return None

    return in_events(exchange, edit, CHAT)


def _beside(piece: Piece, call: dict[str, Any]) -> Piece:
    """One more frame after this one, with a delta of a call."""
    return piece.beside(
        {**piece.doc, "choices": [{"index": 0, "delta": {"tool_calls": [call]}, "finish_reason": None}]}
    )


def tool_name_late(exchange: Exchange) -> Exchange | None:
    """The function's name comes in a delta of its own after the first: the AI SDK raises at the first."""

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        for at, piece in enumerate(pieces):
            call = next(named_calls(piece.doc), None)
            if call and type(call.get("index")) is int:
                late = {"index": call["index"], "function": {"name": call["function"]["name"], "arguments": ""}}
                return [*pieces[:at], piece.changed(_unnamed), _beside(piece, late), *pieces[at + 1 :]]
        return None

    return in_events(exchange, edit, CHAT)


def _unnamed(doc: Json) -> bool:
    function = next(named_calls(doc))["function"]
    return function.pop("name") is not None


# -- calls that are none, or one too many ---------------------------------------------------------


def tool_calls_empty(exchange: Exchange) -> Exchange | None:
    """An answer in text has an empty list of calls: code that asks for the key takes it for a call."""
    return _beside_text(exchange, [])


def tool_calls_null(exchange: Exchange) -> Exchange | None:
    """null in its place."""
    return _beside_text(exchange, None)


def _beside_text(exchange: Exchange, value: Json) -> Exchange | None:
    def change(part: dict[str, Any]) -> bool:
        return bool(part.get("content")) and "tool_calls" not in part and put(part, "tool_calls", copy.copy(value))

    return in_docs(exchange, each(messages, change), CHAT) if is_text(exchange, CHAT) else None


def tool_call_announced(exchange: Exchange) -> Exchange | None:
    """The finish reason of an answer in text is that of tool calls: loops read a call that is not there."""
    announced = finishing(lambda reason: "tool_calls" if reason == "stop" else None)
    return in_docs(exchange, announced, CHAT) if is_text(exchange, CHAT) else None


def tool_call_repeated(exchange: Exchange) -> Exchange | None:
    """The first call comes once more at the end, whole and with another id: its tool runs twice."""
    if not calls_tools(exchange) or len(answer(exchange).choices) != 1:
        return None
    made = answer(exchange).choices[0].tool_calls
    if not (isinstance(made[0].name, str) and isinstance(made[0].arguments, str)) or _repeats(made):
        return None
    function = {"name": made[0].name, "arguments": made[0].arguments}
    last = max((slot(call) or 0 for event in seen(exchange).events for call in calls(event.doc)), default=0)
    call = {"index": max(last + 1, len(made)), "id": "call_again", "type": "function", "function": function}
    if streamed(exchange):
        return in_events(exchange, lambda pieces: _appended(pieces, call), CHAT)
    return in_plain(exchange, lambda body: _listed(body, call), CHAT)


def _repeats(made: Sequence[ToolCall]) -> bool:
    """Whether a call comes twice already: small models do that where two were asked for."""
    texts = [(call.name, str(call.arguments)) for call in made]
    return len({f"{name} {json.dumps(parsed(text) or text, sort_keys=True)}" for name, text in texts}) < len(made)


def _appended(pieces: list[Piece], call: dict[str, Any]) -> list[Piece]:
    last = places(pieces, "tool")[-1:]
    both = [(piece, _beside(piece, call)) if last == [at] else (piece,) for at, piece in enumerate(pieces)]
    return [part for parts in both for part in parts]


def _listed(body: Json, call: dict[str, Any]) -> bool:
    found = members(next(messages(body), None), "tool_calls")
    found.append({key: value for key, value in call.items() if key != "index"})
    return len(found) > 1


_STREAM = ("tool-forced-stream", "tool-parallel-stream")
_TEXT = ("chat", "chat-stream")

MUTATIONS = (
    Row(
        drifts=("TL27",),
        severity=Severity.RISKY,
        summary="later parts of a call have an empty id and name",
        caught_by=("tool-delta-blank",),
        apply=tool_delta_blank,
        twin=nulls_in_fragments,
        exercised_by=_STREAM,
    ),
    Row(
        drifts=("TL28",),
        severity=Severity.BREAKING,
        summary="a part of a call has no function",
        caught_by=("tool-delta-bare",),
        apply=tool_delta_bare,
        twin=padding_with_empty_text,
        exercised_by=_STREAM,
    ),
    Row(
        drifts=("TL29",),
        severity=Severity.RISKY,
        summary="a part of a call has null for its arguments",
        caught_by=("tool-arguments-null",),
        apply=tool_arguments_null,
        twin=padding_with_empty_text,
        exercised_by=_STREAM,
    ),
    Row(
        drifts=("TL30",),
        severity=Severity.BREAKING,
        summary="the function's name comes after the first part",
        caught_by=("tool-name-late",),
        apply=tool_name_late,
        twin=other_spacing_of_arguments,
        exercised_by=_STREAM,
    ),
    Row(
        drifts=("TL31",),
        severity=Severity.RISKY,
        summary="tool_calls is an empty list beside a text",
        caught_by=("tool-calls-empty",),
        apply=tool_calls_empty,
        twin=tool_calls_null,
        exercised_by=_TEXT,
    ),
    Row(
        drifts=("TL32",),
        severity=Severity.BREAKING,
        summary="finish_reason announces calls that are not there",
        caught_by=("tool-call-announced",),
        apply=tool_call_announced,
        twin=again,
        exercised_by=_TEXT,
    ),
    Row(
        drifts=("TL33",),
        severity=Severity.RISKY,
        summary="the same call comes twice",
        caught_by=("tool-call-repeated",),
        apply=tool_call_repeated,
        twin=again,
        exercised_by=("tool-forced", "tool-forced-stream"),
    ),
)
