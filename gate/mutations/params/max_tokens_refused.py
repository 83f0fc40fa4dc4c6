"""New models want max_completion_tokens: every client that sends max_tokens fails."""

from __future__ import annotations

from gate.model import Severity
from gate.mutations import Mutation
from gate.mutations._noise import again
from gate.mutations.params._refusal import refusing, sends

MUTATION = Mutation(
    id="max-tokens-refused",
    drifts=("PA01",),
    area="params",
    severity=Severity.BREAKING,
    summary="max_tokens is refused",
    apply=refusing(
        sends("max_tokens"),
        "max_tokens",
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    ),
    twin=again,
    exercised_by=("chat",),
)
