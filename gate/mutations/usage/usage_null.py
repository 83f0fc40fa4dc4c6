"""Usage is null in a plain answer: readers raise on the first member."""

from __future__ import annotations

from gate.endpoints import member
from gate.model import Exchange, Json, Severity
from gate.mutations import Mutation
from gate.mutations._edit import CHAT, COMPLETIONS, EMBEDDINGS, in_docs, put, streamed
from gate.mutations._noise import other_usage


def _apply(exchange: Exchange) -> Exchange | None:
    def change(doc: Json) -> bool:
        return isinstance(member(doc, "usage"), dict) and put(doc, "usage", None)

    return None if streamed(exchange) else in_docs(exchange, change, CHAT, COMPLETIONS, EMBEDDINGS)


MUTATION = Mutation(
    id="usage-null",
    drifts=("US01", "US05"),
    area="usage",
    severity=Severity.RISKY,
    summary="usage is null",
    apply=_apply,
    twin=other_usage,
    exercised_by=("chat", "embed"),
)
