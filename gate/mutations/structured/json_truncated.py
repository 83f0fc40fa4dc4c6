"""The JSON ends in the middle, and finish_reason says that all is well."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations.structured._document import pretty, restated


def _apply(exchange: Exchange) -> Exchange | None:
    return restated(exchange, lambda said: said[: len(said) * 2 // 3])


MUTATION = Mutation(
    id="json-truncated",
    drifts=("SO04",),
    area="structured",
    severity=Severity.BREAKING,
    summary="the JSON is cut, and nothing says so",
    apply=_apply,
    twin=pretty,
    exercised_by=("json-schema", "json-schema-stream", "json-object"),
)
