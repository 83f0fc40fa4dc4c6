"""Arguments come as an object, not as JSON text: clients run the tool with empty arguments, or crash."""

from __future__ import annotations

import json

from gate.model import Exchange, Json, Severity
from gate.mutations import Mutation
from gate.mutations._chat import reargued
from gate.mutations._noise import other_spacing_of_arguments


def _apply(exchange: Exchange) -> Exchange | None:
    return reargued(exchange, _object)


def _object(arguments: str) -> Json:
    try:
        value = json.loads(arguments)
    except (ValueError, RecursionError):
        return arguments
    return value if isinstance(value, dict) else arguments


MUTATION = Mutation(
    id="arguments-object",
    drifts=("TL13",),
    area="tools",
    severity=Severity.BREAKING,
    summary="arguments are an object in place of JSON text",
    apply=_apply,
    twin=other_spacing_of_arguments,
    exercised_by=("tool-forced", "tool-forced-stream"),
)
