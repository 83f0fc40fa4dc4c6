"""Arguments come as an object, not as JSON text: clients run the tool with empty arguments, or crash."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._noise import other_spacing_of_arguments
from gate.mutations.tools._arguments import spoiled


def _apply(exchange: Exchange) -> Exchange | None:
    return spoiled(exchange, lambda _, value: value)


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
