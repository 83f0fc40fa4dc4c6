"""Reasoning models take no temperature but 1."""

from __future__ import annotations

from gate.model import Severity
from gate.mutations import Mutation
from gate.mutations._noise import again
from gate.mutations.params._refusal import refusing, sends

MUTATION = Mutation(
    id="temperature-refused",
    drifts=("PA04",),
    area="params",
    severity=Severity.BREAKING,
    summary="temperature is refused",
    apply=refusing(sends("temperature"), "temperature", "Unsupported value: only the default (1) value is supported."),
    twin=again,
    exercised_by=("chat",),
)
