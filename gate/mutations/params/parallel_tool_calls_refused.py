"""The model behind the route does not know the flag: a fallback fails when it is needed."""

from __future__ import annotations

from gate.model import Severity
from gate.mutations import Mutation
from gate.mutations._noise import again
from gate.mutations.params._refusal import refusing, sends

MUTATION = Mutation(
    id="parallel-tool-calls-refused",
    drifts=("PA05",),
    area="params",
    severity=Severity.BREAKING,
    summary="parallel_tool_calls is refused",
    apply=refusing(sends("parallel_tool_calls"), "parallel_tool_calls", "Unsupported parameter: 'parallel_tool_calls'"),
    twin=again,
    exercised_by=("param-parallel-tool-calls",),
)
