"""The route takes fewer stop sequences than the golden's, or none."""

from __future__ import annotations

from gate.model import Severity
from gate.mutations import Mutation
from gate.mutations._noise import again
from gate.mutations.params._refusal import refusing, sends

MUTATION = Mutation(
    id="stop-refused",
    drifts=("PA14",),
    area="params",
    severity=Severity.RISKY,
    summary="stop is refused",
    apply=refusing(sends("stop"), "stop", "'$.stop' is invalid. Please check the API reference."),
    twin=again,
    exercised_by=("stop",),
)
