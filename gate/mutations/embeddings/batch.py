"""A batch of texts and its vectors: which belongs to which, and that none is lost."""

from __future__ import annotations

from gate.endpoints import members
from gate.model import Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.edit import in_docs
from gate.mutations.facts import EMBEDDINGS
from gate.mutations.values import every, put
from gate.mutations.vectors import inputs, nearly_equal


def index_relative(exchange: Exchange) -> Exchange | None:
    """Each part of a split batch counts from 0: clients that sort by index mix up the texts."""

    def change(doc: Json) -> bool:
        items = [item for item in members(doc, "data") if isinstance(item, dict) and type(item.get("index")) is int]
        # the second part of a batch that was split in two (EM10, lfnovo/esperanto 260)
        half = (len(items) + 1) // 2
        return every(items[half:], lambda item: put(item, "index", item["index"] - half))

    return in_docs(exchange, change, EMBEDDINGS)


def vector_lost(exchange: Exchange) -> Exchange | None:
    """Fewer vectors than texts: what follows gets the vector of its neighbour, or none."""

    def change(doc: Json) -> bool:
        items = members(doc, "data")
        return len(items) > 1 and put(doc, "data", items[:-1])

    return in_docs(exchange, change, EMBEDDINGS)


def vectors_shuffled(exchange: Exchange) -> Exchange | None:
    """A gateway splits a batch and joins it in another order: texts silently get each other's vectors.

    Fits batches with a text that comes twice: its two vectors are no longer alike.
    """

    def change(doc: Json) -> bool:
        items = [item for item in members(doc, "data") if isinstance(item, dict) and "embedding" in item]
        vectors = [item["embedding"] for item in items]
        turned = [*vectors[-1:], *vectors[:-1]]
        return every(zip(items, turned, strict=True), lambda pair: put(pair[0], "embedding", pair[1]))

    texts = inputs(exchange)
    repeats = any(text in texts[:i] for i, text in enumerate(texts))
    # three texts at least: two equal ones alone look the same in any order
    return in_docs(exchange, change, EMBEDDINGS) if repeats and len(texts) > 2 else None


MUTATIONS = (
    Row(
        drifts=("EM10",),
        severity=Severity.BREAKING,
        summary="the index starts again within a batch",
        caught_by=("vector-order",),
        apply=index_relative,
        twin=nearly_equal,
        exercised_by=("embed-batch",),
    ),
    Row(
        drifts=("EM10",),
        severity=Severity.BREAKING,
        summary="fewer vectors than texts",
        caught_by=("vector-count",),
        apply=vector_lost,
        twin=nearly_equal,
        exercised_by=("embed-batch",),
    ),
    Row(
        drifts=("EM10",),
        severity=Severity.BREAKING,
        summary="vectors in another order than the texts",
        caught_by=("vector-order",),
        apply=vectors_shuffled,
        twin=nearly_equal,
        exercised_by=("embed-batch",),
    ),
)
