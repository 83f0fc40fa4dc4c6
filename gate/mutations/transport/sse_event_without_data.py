"""`event: keepalive` and a blank line: SDKs give the empty data to their JSON parser."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import in_events


def _apply(exchange: Exchange) -> Exchange | None:
    return in_events(exchange, lambda found: [found[0], found[0].framed(b"event: keepalive\n\n"), *found[1:]])


def _twin(exchange: Exchange) -> Exchange | None:
    """Ids beside data."""
    return in_events(exchange, lambda found: [piece.sub(rb"^data:", b"id: 7\ndata:", 1) for piece in found])


MUTATION = Mutation(
    id="sse-event-without-data",
    drifts=("T12",),
    area="transport",
    severity=Severity.BREAKING,
    summary="events without data",
    apply=_apply,
    twin=_twin,
    exercised_by=("chat-stream", "responses-stream"),
)
