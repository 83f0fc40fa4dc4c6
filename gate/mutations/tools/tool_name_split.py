"""The function's name comes in two parts: clients that set it once know a prefix alone."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange, Json, Severity
from gate.mutations import Mutation
from gate.mutations._chat import named
from gate.mutations._edit import CHAT, Piece, in_events, put
from gate.mutations._noise import other_spacing_of_arguments


def _apply(exchange: Exchange) -> Exchange | None:
    return in_events(exchange, _edit, CHAT)


def _edit(found: list[Piece]) -> list[Piece] | None:
    for i, piece in enumerate(found):
        call = next(named(piece.doc), None)
        if call and isinstance(call["function"]["name"], str) and len(call["function"]["name"]) > 1:
            return [*found[:i], piece.changed(_headed), _tailed(piece, call), *found[i + 1 :]]
    return None


def _headed(doc: Json) -> bool:
    function = next(named(doc))["function"]
    return put(function, "name", function["name"][: len(function["name"]) // 2])


def _tailed(piece: Piece, call: dict[str, Any]) -> Piece:
    name = call["function"]["name"]
    part = {"index": call.get("index", 0), "function": {"name": name[len(name) // 2 :]}}
    choice = {"index": 0, "delta": {"tool_calls": [part]}, "finish_reason": None}
    return piece.beside({**piece.doc, "choices": [choice]})


MUTATION = Mutation(
    id="tool-name-split",
    drifts=("TL09",),
    area="tools",
    severity=Severity.RISKY,
    summary="the function's name comes in two parts",
    apply=_apply,
    twin=other_spacing_of_arguments,
    exercised_by=("tool-forced-stream",),
)
