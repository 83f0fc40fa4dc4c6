"""Numbers were asked for and base64 comes: code that iterates the vector sees letters."""

from __future__ import annotations

from gate.model import Exchange, Json, Severity
from gate.mutations import Mutation
from gate.mutations.embeddings._vectors import edited, floats, nearly_equal, packed


def _apply(exchange: Exchange) -> Exchange | None:
    def change(vector: Json) -> Json:
        found = floats(vector) if isinstance(vector, list) else None
        return packed(found) if found else None

    return edited(exchange, change)


MUTATION = Mutation(
    id="base64-unasked",
    drifts=("EM01",),
    area="embeddings",
    severity=Severity.BREAKING,
    summary="base64 where numbers were asked for",
    apply=_apply,
    twin=nearly_equal,
    exercised_by=("embed", "embed-batch"),
)
