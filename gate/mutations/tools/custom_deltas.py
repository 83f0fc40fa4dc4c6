"""Deltas of a custom tool's call, which have `custom` and `input` where a function has `function` and `arguments`."""

from __future__ import annotations

from typing import Any

from gate.endpoints import member
from gate.model import Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.chat import calls
from gate.mutations.edit import in_stream
from gate.mutations.facts import CHAT
from gate.mutations.frames import Piece, in_events
from gate.mutations.harmless import again
from gate.mutations.values import each, put


def custom_name_repeated(exchange: Exchange) -> Exchange | None:
    """The tool's name stands on every delta: clients that append look for run_shellrun_shell."""
    names = [name for name in map(_name, _bodies(exchange)) if name]

    def change(call: dict[str, Any]) -> bool:
        body = call.get("custom")
        return isinstance(body, dict) and not body.get("name") and put(body, "name", names[0])

    return in_stream(exchange, each(calls, change), CHAT) if len(names) == 1 else None


def custom_delta_bare(exchange: Exchange) -> Exchange | None:
    """A padding delta without `custom`: code that reads its input raises."""
    return _padded(exchange, None)


def custom_input_null(exchange: Exchange) -> Exchange | None:
    """A padding delta has null for its input: text plus null raises."""
    return _padded(exchange, {"input": None})


def padding_of_custom_tool(exchange: Exchange) -> Exchange | None:
    """A padding delta with an empty text."""
    return _padded(exchange, {"input": ""})


def custom_input_lost(exchange: Exchange) -> Exchange | None:
    """A gateway that knows functions alone drops every part of the input: the tool runs with nothing."""

    def change(call: dict[str, Any]) -> bool:
        body = call.get("custom")
        return isinstance(body, dict) and bool(body.get("input")) and put(body, "input", "")

    return in_stream(exchange, each(calls, change), CHAT)


def _bodies(exchange: Exchange) -> list[Json]:
    found: list[Json] = []

    def look(pieces: list[Piece]) -> None:
        found.extend(member(call, "custom") for piece in pieces for call in calls(piece.doc))

    in_events(exchange, look, CHAT)
    return found


def _name(body: Json) -> str:
    name = member(body, "name")
    return name if isinstance(name, str) else ""


def _padded(exchange: Exchange, body: Json) -> Exchange | None:
    """One more delta of the first call of a custom tool, after the one that opens it."""

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        for at, piece in enumerate(pieces):
            call = next((call for call in calls(piece.doc) if _name(member(call, "custom"))), None)
            if call and type(call.get("index")) is int:
                padding = {"index": call["index"], "custom": body}
                choice = {"index": 0, "delta": {"tool_calls": [padding]}, "finish_reason": None}
                return [*pieces[: at + 1], piece.beside({**piece.doc, "choices": [choice]}), *pieces[at + 1 :]]
        return None

    return in_events(exchange, edit, CHAT)


_STREAM = ("tool-custom-stream",)

MUTATIONS = (
    Row(
        drifts=("TL08",),
        severity=Severity.BREAKING,
        summary="the name of a custom tool is repeated on every part",
        caught_by=("tool-name-repeated",),
        apply=custom_name_repeated,
        twin=padding_of_custom_tool,
        exercised_by=_STREAM,
    ),
    Row(
        drifts=("TL28",),
        severity=Severity.RISKY,
        summary="a part of a custom tool's call says nothing of it",
        caught_by=("tool-delta-bare",),
        apply=custom_delta_bare,
        twin=padding_of_custom_tool,
        exercised_by=_STREAM,
    ),
    Row(
        drifts=("TL29",),
        severity=Severity.RISKY,
        summary="a part of a custom tool's call has null for its input",
        caught_by=("tool-arguments-null",),
        apply=custom_input_null,
        twin=padding_of_custom_tool,
        exercised_by=_STREAM,
    ),
    Row(
        drifts=("TL26",),
        severity=Severity.RISKY,
        summary="the input of a custom tool never comes",
        caught_by=("tool-arguments-empty",),
        apply=custom_input_lost,
        twin=again,
        exercised_by=_STREAM,
    ),
)
