"""logprobs and top_logprobs are coupled differently, or not there at all."""

from __future__ import annotations

from gate.model import Severity
from gate.mutations import Mutation
from gate.mutations._noise import again
from gate.mutations.params._refusal import refusing, sends

MUTATION = Mutation(
    id="logprobs-refused",
    drifts=("PA21", "S21"),
    area="params",
    severity=Severity.RISKY,
    summary="logprobs are refused",
    apply=refusing(sends("logprobs", "top_logprobs"), "top_logprobs", "Invalid top_logprobs and logprobs value"),
    twin=again,
    exercised_by=("logprobs",),
)
