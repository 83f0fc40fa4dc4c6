"""`dimensions` is accepted and ignored: the vector has another width than the index."""

from __future__ import annotations

from gate.model import Exchange, Json, Severity
from gate.mutations import Mutation
from gate.mutations._edit import asked
from gate.mutations.embeddings._vectors import edited, floats, in_form, nearly_equal


def _apply(exchange: Exchange) -> Exchange | None:
    def change(vector: Json) -> Json:
        found = floats(vector)
        return None if found is None else in_form(vector, found * 4)

    return edited(exchange, change) if type(asked(exchange, "dimensions")) is int else None


MUTATION = Mutation(
    id="dimensions-ignored",
    drifts=("EM03",),
    area="embeddings",
    severity=Severity.BREAKING,
    summary="dimensions has no effect",
    apply=_apply,
    twin=nearly_equal,
    exercised_by=("embed-dimensions",),
)
