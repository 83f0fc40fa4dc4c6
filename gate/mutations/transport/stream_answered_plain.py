"""The stream flag is ignored: one JSON body comes, and parsers of event streams yield nothing."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import answer
from gate.mutations._edit import replied, streamed
from gate.mutations._stream_noise import fewer_events


def _apply(exchange: Exchange) -> Exchange | None:
    final = answer(exchange).final
    fits = streamed(exchange) and isinstance(final, dict) and bool(final)
    return replied(exchange, 200, final) if fits else None


def _twin(exchange: Exchange) -> Exchange | None:
    """A stream whose whole text is one delta."""
    found = shorter = fewer_events(exchange)
    while shorter is not None:
        found, shorter = shorter, fewer_events(shorter)
    return found


MUTATION = Mutation(
    id="stream-answered-plain",
    drifts=("T20",),
    area="transport",
    severity=Severity.BREAKING,
    summary="a stream was asked for, one JSON body came",
    apply=_apply,
    twin=_twin,
    exercised_by=("chat-stream", "responses-stream"),
)
