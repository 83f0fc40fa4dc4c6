"""NaN in a vector: strict JSON parsers refuse the body, similarity is NaN everywhere."""

from __future__ import annotations

from gate.model import Exchange, Json, Severity
from gate.mutations import Mutation
from gate.mutations.embeddings._vectors import edited, nearly_equal


def _apply(exchange: Exchange) -> Exchange | None:
    def change(vector: Json) -> Json:
        return [float("nan"), *vector[1:]] if isinstance(vector, list) and vector else None

    return edited(exchange, change)


MUTATION = Mutation(
    id="vector-nan",
    drifts=("S21",),
    area="embeddings",
    severity=Severity.BREAKING,
    summary="NaN in vectors",
    apply=_apply,
    twin=nearly_equal,
    exercised_by=("embed", "embed-batch"),
)
