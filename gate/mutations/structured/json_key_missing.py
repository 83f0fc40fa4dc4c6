"""A required key is missing: typed clients raise now and then."""

from __future__ import annotations

from gate.endpoints import members
from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import drop
from gate.mutations.structured._document import pretty, reshaped, schema_of


def _apply(exchange: Exchange) -> Exchange | None:
    required = [key for key in members(schema_of(exchange), "required") if isinstance(key, str)]
    return reshaped(exchange, lambda value: any(drop(value, key) for key in required))


MUTATION = Mutation(
    id="json-key-missing",
    drifts=("SO07",),
    area="structured",
    severity=Severity.RISKY,
    summary="a required key is missing",
    apply=_apply,
    twin=pretty,
    exercised_by=("json-schema", "json-schema-stream"),
)
