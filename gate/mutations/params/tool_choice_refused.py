"""The route takes some forms of tool_choice: the first request of an agent's session fails."""

from __future__ import annotations

from gate.model import Severity
from gate.mutations import Mutation
from gate.mutations._noise import again
from gate.mutations.params._refusal import refusing, sends

MUTATION = Mutation(
    id="tool-choice-refused",
    drifts=("TL20",),
    area="params",
    severity=Severity.BREAKING,
    summary="tool_choice is refused",
    apply=refusing(sends("tool_choice"), "tool_choice", "Invalid tool_choice type"),
    twin=again,
    exercised_by=("tool-forced", "tool-named", "responses-tool"),
)
