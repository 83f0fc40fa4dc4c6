"""JSON labelled as plain text: openai-python hands it out as one string."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import labelled, seen, served


def _apply(exchange: Exchange) -> Exchange | None:
    fits = served(exchange) and seen(exchange).form == "json"
    return labelled(exchange, content_type="text/plain") if fits else None


def _twin(exchange: Exchange) -> Exchange | None:
    """A parameter of the media type (B31)."""
    fits = served(exchange) and seen(exchange).form == "json"
    return labelled(exchange, content_type="application/json; charset=utf-8") if fits else None


MUTATION = Mutation(
    id="json-mislabelled",
    drifts=("S36",),
    area="transport",
    severity=Severity.RISKY,
    summary="JSON labelled as plain text",
    apply=_apply,
    twin=_twin,
    exercised_by=("chat", "embed"),
)
