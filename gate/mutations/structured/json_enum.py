"""A value outside the schema's enum: exhaustive branches fall through."""

from __future__ import annotations

from typing import Any

from gate.endpoints import member, members
from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import every, put
from gate.mutations.structured._document import reshaped, schema_of


def _apply(exchange: Exchange) -> Exchange | None:
    wanted = member(schema_of(exchange), "properties")
    listed = [k for k, v in wanted.items() if members(v, "enum")] if isinstance(wanted, dict) else []

    def change(value: dict[str, Any]) -> bool:
        key = next((name for name in listed if name in value), None)
        return key is not None and put(value, key, "none of these")

    return reshaped(exchange, change)


def _twin(exchange: Exchange) -> Exchange | None:
    """Another value of the enum."""
    wanted = member(schema_of(exchange), "properties")
    listed = {k: members(v, "enum") for k, v in wanted.items()} if isinstance(wanted, dict) else {}

    def change(value: dict[str, Any]) -> bool:
        return every((k for k in listed if listed[k] and k in value), lambda key: put(value, key, listed[key][-1]))

    return reshaped(exchange, change)


MUTATION = Mutation(
    id="json-enum",
    drifts=("SO07",),
    area="structured",
    severity=Severity.RISKY,
    summary="a value outside the schema's enum",
    apply=_apply,
    twin=_twin,
    exercised_by=("json-schema", "json-schema-stream"),
)
