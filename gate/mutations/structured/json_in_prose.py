"""The model introduces its JSON with a sentence."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations.structured._document import pretty, restated


def _apply(exchange: Exchange) -> Exchange | None:
    return restated(exchange, lambda said: f"Here is the JSON you asked for:\n\n{said}")


MUTATION = Mutation(
    id="json-in-prose",
    drifts=("SO01", "SO02"),
    area="structured",
    severity=Severity.BREAKING,
    summary="prose around the JSON",
    apply=_apply,
    twin=pretty,
    exercised_by=("json-schema", "json-schema-stream", "json-object"),
)
