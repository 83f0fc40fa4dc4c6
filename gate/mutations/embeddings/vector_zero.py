"""A vector of zeros: its text is like no other, and like all."""

from __future__ import annotations

from gate.model import Exchange, Json, Severity
from gate.mutations import Mutation
from gate.mutations.embeddings._vectors import edited, floats, in_form, nearly_equal


def _apply(exchange: Exchange) -> Exchange | None:
    def change(vector: Json) -> Json:
        found = floats(vector)
        return None if not found else in_form(vector, [0.0] * len(found))

    return edited(exchange, change)


MUTATION = Mutation(
    id="vector-zero",
    drifts=("EM10",),
    area="embeddings",
    severity=Severity.RISKY,
    summary="vectors of zeros",
    apply=_apply,
    twin=nearly_equal,
    exercised_by=("embed", "embed-batch"),
)
