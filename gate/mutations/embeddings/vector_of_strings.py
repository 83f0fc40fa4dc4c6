"""Numbers come as text: arithmetic raises."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations.embeddings._vectors import edited, nearly_equal


def _apply(exchange: Exchange) -> Exchange | None:
    return edited(exchange, lambda vector: [str(x) for x in vector] if isinstance(vector, list) else None)


MUTATION = Mutation(
    id="vector-of-strings",
    drifts=("EM01",),
    area="embeddings",
    severity=Severity.BREAKING,
    summary="vectors hold strings",
    apply=_apply,
    twin=nearly_equal,
    exercised_by=("embed", "embed-batch"),
)
