"""An answer in which the model talks in place of calling."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gate.model import Exchange, Json
from gate.mutations._chat import answer, finishing, spoken
from gate.mutations._edit import CHAT, Piece, drop, in_body, in_events, places, put, served, streamed


def uncalled(exchange: Exchange, say: Callable[[str, str], str]) -> Exchange | None:
    """The first call as the text that `say` makes of its name and arguments; None where nothing is called."""
    found = answer(exchange).choices
    if not served(exchange, CHAT) or len(found) != 1 or not found[0].tool_calls:
        return None
    call = found[0].tool_calls[0]
    said = say(str(call.name), str(call.arguments))
    if not streamed(exchange):
        return in_body(exchange, lambda body: _tell(next(spoken(body)), said) and finishing(lambda _: "stop")(body))
    return in_events(exchange, lambda pieces: _told(pieces, said))


def _told(found: list[Piece], said: str) -> list[Piece] | None:
    first, *others = places(found, "tool") or [-1]
    if first < 0 or not any(True for _ in spoken(found[first].doc)):
        return None
    told = [
        piece.changed(lambda doc: _tell(next(spoken(doc)), said)) if i == first else piece
        for i, piece in enumerate(found)
        if i not in others or "finish" in piece.kinds
    ]
    return [piece.changed(finishing(lambda _: "stop")).changed(_silenced) for piece in told]


def _tell(part: dict[str, Any], said: str) -> bool:
    part.pop("tool_calls", None)
    return put(part, "content", said)


def _silenced(doc: Json) -> bool:
    return sum(drop(part, "tool_calls") for part in spoken(doc)) > 0
