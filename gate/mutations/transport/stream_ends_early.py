"""The gateway loses its upstream and ends its own response as if all were well: half an answer looks whole."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import Piece, halfway, in_events, places
from gate.mutations._stream_noise import fewer_events


def _apply(exchange: Exchange) -> Exchange | None:
    def edit(found: list[Piece]) -> list[Piece] | None:
        half = found[: halfway(exchange, found)]
        # some routes finish with the first chunk: then half of the stream is a whole answer
        return None if places(half, "finish", "completed", "incomplete") else half or None

    return in_events(exchange, edit)


MUTATION = Mutation(
    id="stream-ends-early",
    drifts=("T07", "RS07"),
    area="transport",
    severity=Severity.BREAKING,
    summary="the stream ends in the middle of the answer, without an error",
    apply=_apply,
    twin=fewer_events,
    exercised_by=("chat-stream", "tool-forced-stream", "responses-stream"),
)
