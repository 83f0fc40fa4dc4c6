"""A gateway loses its upstream, asks again and forwards the second answer after half of the first."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import CHAT, Piece, halfway, in_events, places, tokens
from gate.mutations._stream_noise import fewer_events


def _apply(exchange: Exchange) -> Exchange | None:
    def edit(found: list[Piece]) -> list[Piece] | None:
        half, said = halfway(exchange, found), tokens(exchange, found)
        fits = places(found, "role") == [0] and len(said) > 2 and said == places(found, "content")
        return [*found[:half], *found] if fits else None

    return in_events(exchange, edit, CHAT)


MUTATION = Mutation(
    id="stream-restarts",
    drifts=("ST14", "T07"),
    area="stream",
    severity=Severity.RISKY,
    summary="the answer starts again in mid-stream",
    apply=_apply,
    twin=fewer_events,
    exercised_by=("chat-stream", "count-stream"),
)
