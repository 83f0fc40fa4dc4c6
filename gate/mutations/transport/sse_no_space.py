"""`data:{…}` in place of `data: {…}`: right by the standard, and unreadable for parsers that match the prefix."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import in_events
from gate.mutations._noise import respaced


def _apply(exchange: Exchange) -> Exchange | None:
    return in_events(exchange, lambda found: [piece.sub(rb"^data: ", b"data:") for piece in found])


MUTATION = Mutation(
    id="sse-no-space",
    drifts=("T01",),
    area="transport",
    severity=Severity.RISKY,
    summary="no space after `data:`",
    apply=_apply,
    twin=respaced,
    exercised_by=("chat-stream", "responses-stream"),
)
