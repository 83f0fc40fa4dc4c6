"""`model` is null: routers and cost trackers crash or count for nobody."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import heads
from gate.mutations._edit import CHAT, COMPLETIONS, EMBEDDINGS, RESPONSES, every, in_docs, put
from gate.mutations._noise import snapshot


def _apply(exchange: Exchange) -> Exchange | None:
    fits = CHAT, COMPLETIONS, RESPONSES, EMBEDDINGS
    return in_docs(exchange, lambda doc: every(heads(doc), _nulled), *fits)


def _nulled(head: dict[str, Any]) -> bool:
    return bool(head.get("model")) and put(head, "model", None)


MUTATION = Mutation(
    id="model-null",
    drifts=("S26",),
    area="schema",
    severity=Severity.RISKY,
    summary="model is null",
    apply=_apply,
    twin=snapshot,
    exercised_by=("chat", "chat-stream", "embed", "responses"),
)
