"""An event stream labelled as JSON: clients that go by the label parse it as one document."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import labelled, seen, streamed


def _apply(exchange: Exchange) -> Exchange | None:
    fits = streamed(exchange) and bool(seen(exchange).media_type)
    return labelled(exchange, content_type="application/json") if fits else None


def _twin(exchange: Exchange) -> Exchange | None:
    """A parameter of the media type (B31)."""
    return labelled(exchange, content_type="text/event-stream; charset=utf-8") if streamed(exchange) else None


MUTATION = Mutation(
    id="stream-mislabelled",
    drifts=("T14",),
    area="transport",
    severity=Severity.RISKY,
    summary="an event stream labelled as JSON",
    apply=_apply,
    twin=_twin,
    exercised_by=("chat-stream", "responses-stream"),
)
