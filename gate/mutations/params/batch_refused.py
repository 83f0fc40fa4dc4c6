"""A smaller batch limit: indexing fails, single texts pass."""

from __future__ import annotations

from gate.model import Severity
from gate.mutations import Mutation
from gate.mutations.embeddings._vectors import inputs, nearly_equal
from gate.mutations.params._refusal import refusing

MUTATION = Mutation(
    id="batch-refused",
    drifts=("EM07", "EM09"),
    area="params",
    severity=Severity.BREAKING,
    summary="a batch of texts is refused",
    apply=refusing(lambda exchange: len(inputs(exchange)) > 1, "input", "batch size is invalid"),
    twin=nearly_equal,
    exercised_by=("embed-batch", "embed-sizes"),
)
