"""A number of the schema comes as text: sums become concatenations."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import put
from gate.mutations.structured._document import pretty, reshaped


def _apply(exchange: Exchange) -> Exchange | None:
    return reshaped(exchange, _quoted)


def _quoted(value: dict[str, Any]) -> bool:
    key = next((k for k, v in value.items() if isinstance(v, int | float) and not isinstance(v, bool)), None)
    return key is not None and put(value, key, str(value[key]))


MUTATION = Mutation(
    id="json-number-as-string",
    drifts=("SO07",),
    area="structured",
    severity=Severity.BREAKING,
    summary="a number comes as a string",
    apply=_apply,
    twin=pretty,
    exercised_by=("json-schema", "json-schema-stream"),
)
