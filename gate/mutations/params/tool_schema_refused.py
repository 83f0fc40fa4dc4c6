"""A narrower dialect of JSON Schema: one unknown keyword, and every turn with tools fails."""

from __future__ import annotations

from gate.model import Severity
from gate.mutations import Mutation
from gate.mutations._noise import again
from gate.mutations.params._refusal import refusing, sends

MUTATION = Mutation(
    id="tool-schema-refused",
    drifts=("TL24",),
    area="params",
    severity=Severity.BREAKING,
    summary="the schema of a tool is refused",
    apply=refusing(sends("tools"), "tools[0]", "Unknown name 'additionalProperties' at 'tools[0].function'"),
    twin=again,
    exercised_by=("tool-forced", "tool-choose"),
)
