"""CRLF between events: clients that split at two LFs never see a boundary."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import in_events
from gate.mutations._noise import again


def _apply(exchange: Exchange) -> Exchange | None:
    return in_events(exchange, lambda found: [piece.sub(rb"(?<!\r)\n", b"\r\n") for piece in found])


MUTATION = Mutation(
    id="sse-crlf",
    drifts=("T02",),
    area="transport",
    severity=Severity.RISKY,
    summary="events end with CRLF",
    apply=_apply,
    twin=again,
    exercised_by=("chat-stream", "responses-stream"),
)
