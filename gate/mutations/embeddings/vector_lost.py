"""Fewer vectors than texts: what follows gets the vector of its neighbour, or none."""

from __future__ import annotations

from gate.endpoints import members
from gate.model import Exchange, Json, Severity
from gate.mutations import Mutation
from gate.mutations._edit import EMBEDDINGS, in_docs, put
from gate.mutations.embeddings._vectors import nearly_equal


def _apply(exchange: Exchange) -> Exchange | None:
    def change(doc: Json) -> bool:
        found = members(doc, "data")
        return len(found) > 1 and put(doc, "data", found[:-1])

    return in_docs(exchange, change, EMBEDDINGS)


MUTATION = Mutation(
    id="vector-lost",
    drifts=("EM10",),
    area="embeddings",
    severity=Severity.BREAKING,
    summary="fewer vectors than texts",
    apply=_apply,
    twin=nearly_equal,
    exercised_by=("embed-batch",),
)
