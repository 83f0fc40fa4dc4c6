"""A key that the schema forbids: strict decoders refuse the answer."""

from __future__ import annotations

from gate.endpoints import member
from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import put
from gate.mutations.structured._document import pretty, reshaped, schema_of


def _apply(exchange: Exchange) -> Exchange | None:
    strict = member(schema_of(exchange), "additionalProperties") is False
    return reshaped(exchange, lambda value: put(value, "explanation", "as asked")) if strict else None


MUTATION = Mutation(
    id="json-key-added",
    drifts=("SO07",),
    area="structured",
    severity=Severity.RISKY,
    summary="a key that the schema forbids",
    apply=_apply,
    twin=pretty,
    exercised_by=("json-schema", "json-schema-stream"),
)
