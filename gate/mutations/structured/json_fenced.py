"""The JSON stands in a code fence: parsers fail before any code can strip it."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations.structured._document import pretty, restated


def _apply(exchange: Exchange) -> Exchange | None:
    return restated(exchange, lambda said: f"```json\n{said}\n```")


MUTATION = Mutation(
    id="json-fenced",
    drifts=("SO01",),
    area="structured",
    severity=Severity.BREAKING,
    summary="JSON in a code fence",
    apply=_apply,
    twin=pretty,
    exercised_by=("json-schema", "json-schema-stream", "json-object"),
)
