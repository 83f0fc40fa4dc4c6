"""Null where the schema wants a value."""

from __future__ import annotations

from typing import Any

from gate.endpoints import member
from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import put
from gate.mutations.structured._document import pretty, reshaped, schema_of


def _apply(exchange: Exchange) -> Exchange | None:
    wanted = member(schema_of(exchange), "properties")
    names = [k for k, v in wanted.items() if isinstance(member(v, "type"), str)] if isinstance(wanted, dict) else []
    typed = [name for name in names if wanted[name]["type"] != "null"]

    def change(value: dict[str, Any]) -> bool:
        key = next((name for name in typed if value.get(name) is not None), None)
        return key is not None and put(value, key, None)

    return reshaped(exchange, change)


MUTATION = Mutation(
    id="json-null",
    drifts=("SO07",),
    area="structured",
    severity=Severity.RISKY,
    summary="null where the schema wants a value",
    apply=_apply,
    twin=pretty,
    exercised_by=("json-schema", "json-schema-stream"),
)
