"""A local backend fails on more than a few texts at once."""

from __future__ import annotations

from gate.model import Severity
from gate.mutations import Mutation
from gate.mutations.embeddings._vectors import inputs, nearly_equal
from gate.mutations.params._refusal import refusing

MUTATION = Mutation(
    id="batch-crashes",
    drifts=("EM08",),
    area="params",
    severity=Severity.RISKY,
    summary="a batch of texts gets a 500",
    apply=refusing(lambda exchange: len(inputs(exchange)) > 1, "input", "llama_decode returned -1", 500),
    twin=nearly_equal,
    exercised_by=("embed-batch", "embed-sizes"),
)
