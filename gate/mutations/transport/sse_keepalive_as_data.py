"""A gateway wraps a keep-alive comment into a data event: `data: : keepalive` is no JSON."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import is_text, retold
from gate.mutations._edit import in_events


def _apply(exchange: Exchange) -> Exchange | None:
    return in_events(exchange, lambda found: [found[0], found[0].framed(b"data: : keepalive\n\n"), *found[1:]])


def _twin(exchange: Exchange) -> Exchange | None:
    """A text that starts like a comment."""
    return retold(exchange, lambda said: f": {said}") if is_text(exchange) else None


MUTATION = Mutation(
    id="sse-keepalive-as-data",
    drifts=("T11",),
    area="transport",
    severity=Severity.BREAKING,
    summary="a keep-alive comment comes as data",
    apply=_apply,
    twin=_twin,
    exercised_by=("chat-stream", "responses-stream"),
)
