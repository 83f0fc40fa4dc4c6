"""Arguments lack what the tool's own schema requires: the function raises when it is called."""

from __future__ import annotations

import json
from typing import Any

from gate.endpoints import member, members
from gate.model import Exchange, Json, Severity
from gate.mutations import Mutation
from gate.mutations._edit import asked
from gate.mutations._noise import other_spacing_of_arguments
from gate.mutations.tools._arguments import spoiled


def _apply(exchange: Exchange) -> Exchange | None:
    required = _required(asked(exchange, "tools"))

    def change(text: str, value: dict[str, Any]) -> Json:
        lost = next((key for key in required if key in value), None)
        return text if lost is None else json.dumps({key: v for key, v in value.items() if key != lost})

    return spoiled(exchange, change) if required else None


def _required(tools: Json) -> list[str]:
    """What every tool requires."""
    found = [member(member(tool, "function"), "parameters") for tool in tools] if isinstance(tools, list) else []
    names = [{key for key in members(schema, "required") if isinstance(key, str)} for schema in found]
    return sorted(set.intersection(*names)) if names else []


MUTATION = Mutation(
    id="arguments-off-schema",
    drifts=("SO07",),
    area="tools",
    severity=Severity.RISKY,
    summary="arguments lack a required parameter",
    apply=_apply,
    twin=other_spacing_of_arguments,
    exercised_by=("tool-forced", "tool-forced-stream"),
)
