"""The embedding model knows no dimensions: pipelines that always send it fail."""

from __future__ import annotations

from gate.model import Severity
from gate.mutations import Mutation
from gate.mutations.embeddings._vectors import nearly_equal
from gate.mutations.params._refusal import refusing, sends

MUTATION = Mutation(
    id="dimensions-refused",
    drifts=("EM04",),
    area="params",
    severity=Severity.BREAKING,
    summary="dimensions is refused",
    apply=refusing(sends("dimensions"), "dimensions", "This model does not support specifying dimensions."),
    twin=nearly_equal,
    exercised_by=("embed-dimensions",),
)
