"""The route knows no structured output."""

from __future__ import annotations

from gate.model import Severity
from gate.mutations import Mutation
from gate.mutations._noise import again
from gate.mutations.params._refusal import refusing, sends

MUTATION = Mutation(
    id="response-format-refused",
    drifts=("SO02",),
    area="params",
    severity=Severity.BREAKING,
    summary="response_format is refused",
    apply=refusing(sends("response_format"), "response_format", "This response_format type is unavailable now"),
    twin=again,
    exercised_by=("json-schema", "json-object"),
)
