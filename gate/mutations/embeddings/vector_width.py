"""Another width, as another model behind the same name has it: the vector store refuses the insert."""

from __future__ import annotations

from gate.model import Exchange, Json, Severity
from gate.mutations import Mutation
from gate.mutations.embeddings._vectors import edited, floats, in_form, nearly_equal


def _apply(exchange: Exchange) -> Exchange | None:
    def change(vector: Json) -> Json:
        found = floats(vector)
        return None if found is None else in_form(vector, [*found, *found])

    return edited(exchange, change)


MUTATION = Mutation(
    id="vector-width",
    drifts=("EM03",),
    area="embeddings",
    severity=Severity.BREAKING,
    summary="vectors of another width",
    apply=_apply,
    twin=nearly_equal,
    exercised_by=("embed", "embed-batch", "embed-base64"),
)
