"""Anthropic's error event is forwarded on an OpenAI stream: it falls through parsers as an unknown chunk."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import CHAT, Piece, halfway, in_events
from gate.mutations._stream_noise import fewer_events

_ERROR = b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n'


def _apply(exchange: Exchange) -> Exchange | None:
    def edit(found: list[Piece]) -> list[Piece] | None:
        half = halfway(exchange, found)
        return [*found[:half], found[half - 1].framed(_ERROR)] if half else None

    return in_events(exchange, edit, CHAT)


MUTATION = Mutation(
    id="error-foreign",
    drifts=("ER23",),
    area="errors",
    severity=Severity.RISKY,
    summary="an error event of another API in the stream",
    apply=_apply,
    twin=fewer_events,
    exercised_by=("chat-stream",),
)
