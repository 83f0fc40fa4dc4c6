"""A gateway wraps text that is an event stream already: `data: data: {…}`."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import is_text, retold
from gate.mutations._edit import in_events


def _apply(exchange: Exchange) -> Exchange | None:
    return in_events(exchange, lambda found: [piece.sub(rb"^data: ?", b"data: data: ", 1) for piece in found])


def _twin(exchange: Exchange) -> Exchange | None:
    """A text that says `data: `."""
    return retold(exchange, lambda said: f"data: {said}") if is_text(exchange) else None


MUTATION = Mutation(
    id="sse-doubled-prefix",
    drifts=("T14",),
    area="transport",
    severity=Severity.BREAKING,
    summary="`data: data:` before each event",
    apply=_apply,
    twin=_twin,
    exercised_by=("chat-stream", "responses-stream"),
)
