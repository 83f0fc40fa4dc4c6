"""The parts of which a stream builds a tool call: which call they belong to, and what only the first one says."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.chat import answer, calls, named_calls, slot
from gate.mutations.edit import in_docs, in_stream
from gate.mutations.facts import CHAT, seen
from gate.mutations.frames import Piece, in_events, spliced
from gate.mutations.harmless import other_spacing_of_arguments
from gate.mutations.harmless_streams import call_in_one_block, nulls_in_fragments
from gate.mutations.values import drop, each, every, put


def tool_index_missing(exchange: Exchange) -> Exchange | None:
    """Parts of tool calls come without `index`: the official client raises, others drop the call."""
    return in_stream(exchange, each(calls, lambda call: drop(call, "index")), CHAT)


def tool_index_from_one(exchange: Exchange) -> Exchange | None:
    """The first call has index 1: the official client's accumulator raises IndexError."""

    def change(call: dict[str, Any]) -> bool:
        return type(call.get("index")) is int and put(call, "index", call["index"] + 1)

    # where they begin later already, one more is no news
    return in_stream(exchange, each(calls, change), CHAT) if 0 in _heads(exchange) else None


def tool_index_shared(exchange: Exchange) -> Exchange | None:
    """Parallel calls share index 0: their arguments run together, and several calls become one."""
    parallel = any(len(choice.tool_calls) > 1 for choice in answer(exchange).choices)
    return in_stream(exchange, each(calls, lambda call: put(call, "index", 0)), CHAT) if parallel else None


# -- later parts ----------------------------------------------------------------------------------


def tool_id_changes(exchange: Exchange) -> Exchange | None:
    """Later parts of a call carry another id: clients that go by the id split one call in two."""
    return in_docs(exchange, each(_later, lambda call: put(call, "id", "call_other")), CHAT)


def tool_id_on_every_part(exchange: Exchange) -> Exchange | None:
    """The id of a call stands on every part of it: the helper of openai-python makes `call_1call_1` of it."""
    names = {place: call.get("id") for place, call in _heads(exchange).items()}

    def repeat(doc: Json) -> bool:
        fitting = [part for part in _later(doc) if isinstance(names.get(slot(part) or 0), str)]
        return every(fitting, lambda part: put(part, "id", names[slot(part) or 0]))

    once = not any("id" in part for event in seen(exchange).events for part in _later(event.doc))
    return in_stream(exchange, repeat, CHAT) if once else None


def tool_part_nulls(exchange: Exchange) -> Exchange | None:
    """id, name and type are null on later parts: the helper of openai-python loses the type, and raises."""
    typed = all("type" in part for event in seen(exchange).events for part in named_calls(event.doc))

    def nulled(part: dict[str, Any]) -> bool:
        fits = "type" not in part
        return fits and put(part, "type", None) and put(part, "id", None) and put(part["function"], "name", None)

    return in_stream(exchange, each(_later, nulled), CHAT) if typed else None


def tool_name_repeated(exchange: Exchange) -> Exchange | None:
    """The function's name stands on every part: clients that append call `get_weatherget_weather`."""
    names = {place: call["function"]["name"] for place, call in _heads(exchange).items()}

    def repeat(doc: Json) -> bool:
        fitting = [part for part in _later(doc) if isinstance(names.get(slot(part) or 0), str)]
        return every(fitting, lambda part: put(part["function"], "name", names[slot(part) or 0]))

    return in_stream(exchange, repeat, CHAT)


def _heads(exchange: Exchange) -> dict[int, dict[str, Any]]:
    """The part that opens each call, by its index: OpenRouter's begin at 1 after reasoning."""
    return {slot(call) or 0: call for event in seen(exchange).events for call in named_calls(event.doc)}


def _later(doc: Json) -> list[dict[str, Any]]:
    return [c for c in calls(doc) if isinstance(c.get("function"), dict) and not c["function"].get("name")]


def tool_name_split(exchange: Exchange) -> Exchange | None:
    """The function's name comes in two parts: clients that set it once know a prefix alone."""
    return in_events(exchange, _split, CHAT)


def _split(pieces: list[Piece]) -> list[Piece] | None:
    for i, piece in enumerate(pieces):
        call = next(named_calls(piece.doc), None)
        if call and isinstance(call["function"]["name"], str) and len(call["function"]["name"]) > 1:
            return spliced(pieces, i, piece.changed(_headed), _tailed(piece, call))
    return None


def _headed(doc: Json) -> bool:
    function = next(named_calls(doc))["function"]
    # in the middle, as Gemini's `edit_ex` and `isting_file` (TL09)
    return put(function, "name", function["name"][: len(function["name"]) // 2])


def _tailed(piece: Piece, call: dict[str, Any]) -> Piece:
    name = call["function"]["name"]
    part = {"index": call.get("index", 0), "function": {"name": name[len(name) // 2 :]}}
    choice = {"index": 0, "delta": {"tool_calls": [part]}, "finish_reason": None}
    return piece.beside({**piece.doc, "choices": [choice]})


_STREAM = ("tool-forced-stream",)

MUTATIONS = (
    Row(
        drifts=("TL01",),
        severity=Severity.BREAKING,
        summary="streamed tool calls have no index",
        caught_by=("tool-index",),
        apply=tool_index_missing,
        twin=call_in_one_block,
        exercised_by=("tool-forced-stream", "tool-parallel-stream"),
    ),
    Row(
        drifts=("TL02",),
        severity=Severity.BREAKING,
        summary="the first tool call has index 1",
        caught_by=("tool-index",),
        apply=tool_index_from_one,
        twin=other_spacing_of_arguments,
        exercised_by=_STREAM,
    ),
    Row(
        drifts=("TL02",),
        severity=Severity.BREAKING,
        summary="parallel calls share one index",
        caught_by=("tool-index",),
        apply=tool_index_shared,
        twin=other_spacing_of_arguments,
        exercised_by=("tool-parallel-stream",),
    ),
    Row(
        drifts=("TL07",),
        severity=Severity.RISKY,
        summary="the id of a call changes between chunks",
        caught_by=("tool-id-changed",),
        apply=tool_id_changes,
        twin=other_spacing_of_arguments,
        exercised_by=_STREAM,
    ),
    Row(
        drifts=("TL08",),
        severity=Severity.BREAKING,
        summary="the function's name is repeated on every part",
        caught_by=("tool-name-repeated",),
        apply=tool_name_repeated,
        twin=other_spacing_of_arguments,
        exercised_by=_STREAM,
    ),
    Row(
        drifts=("TL09",),
        severity=Severity.BREAKING,
        summary="the function's name comes in two parts",
        caught_by=("tool-name-split",),
        apply=tool_name_split,
        twin=other_spacing_of_arguments,
        exercised_by=_STREAM,
    ),
    Row(
        drifts=("TL36",),
        severity=Severity.RISKY,
        summary="the id of a call is on every part",
        caught_by=("tool-id-repeated",),
        apply=tool_id_on_every_part,
        twin=nulls_in_fragments,
        exercised_by=_STREAM,
    ),
    Row(
        drifts=("TL06",),
        severity=Severity.BREAKING,
        summary="later parts of a call have null for id, name and type",
        caught_by=("tool-null-fields",),
        apply=tool_part_nulls,
        twin=nulls_in_fragments,
        exercised_by=_STREAM,
    ),
)
