"""The gateway loses its upstream and ends its own response as if all were well: half an answer looks whole."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import halfway, in_events
from gate.mutations._noise import fewer_events


def _apply(exchange: Exchange) -> Exchange | None:
    return in_events(exchange, lambda found: found[: halfway(exchange, found)] or None)


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
