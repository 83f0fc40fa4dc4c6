"""Each part of a split batch counts from 0: clients that sort by index mix up the texts."""

from __future__ import annotations

from typing import Any

from gate.endpoints import members
from gate.model import Exchange, Json, Severity
from gate.mutations import Mutation
from gate.mutations._edit import EMBEDDINGS, every, in_docs, put
from gate.mutations.embeddings._vectors import nearly_equal


def _apply(exchange: Exchange) -> Exchange | None:
    return in_docs(exchange, lambda doc: every(_second_half(doc), _moved), EMBEDDINGS)


def _second_half(doc: Json) -> list[dict[str, Any]]:
    found = [item for item in members(doc, "data") if isinstance(item, dict) and type(item.get("index")) is int]
    half = (len(found) + 1) // 2
    return [{"item": item, "by": half} for item in found[half:]]


def _moved(part: dict[str, Any]) -> bool:
    return put(part["item"], "index", part["item"]["index"] - part["by"])


MUTATION = Mutation(
    id="index-relative",
    drifts=("EM10",),
    area="embeddings",
    severity=Severity.BREAKING,
    summary="the index starts again within a batch",
    apply=_apply,
    twin=nearly_equal,
    exercised_by=("embed-batch",),
)
