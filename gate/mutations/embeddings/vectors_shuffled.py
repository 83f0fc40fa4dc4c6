"""A gateway splits a batch and joins it in another order: texts silently get each other's vectors."""

from __future__ import annotations

from gate.endpoints import members
from gate.model import Exchange, Json, Severity
from gate.mutations import Mutation
from gate.mutations._edit import EMBEDDINGS, every, in_docs, put
from gate.mutations.embeddings._vectors import inputs, nearly_equal


def _apply(exchange: Exchange) -> Exchange | None:
    texts = inputs(exchange)
    equal = [i for i, said in enumerate(texts) if said in texts[:i]]
    return in_docs(exchange, _rotated, EMBEDDINGS) if equal and len(texts) > 2 else None


def _rotated(doc: Json) -> bool:
    found = [item for item in members(doc, "data") if isinstance(item, dict) and "embedding" in item]
    vectors = [item["embedding"] for item in found]
    turned = [*vectors[-1:], *vectors[:-1]]
    return every(zip(found, turned, strict=True), lambda pair: put(pair[0], "embedding", pair[1]))


MUTATION = Mutation(
    id="vectors-shuffled",
    drifts=("EM10",),
    area="embeddings",
    severity=Severity.BREAKING,
    summary="vectors in another order than the texts",
    apply=_apply,
    twin=nearly_equal,
    exercised_by=("embed-batch",),
)
