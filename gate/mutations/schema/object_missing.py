"""No `object`: typed clients, which read it to tell what they hold, refuse the answer."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import heads
from gate.mutations._edit import CHAT, COMPLETIONS, EMBEDDINGS, RESPONSES, drop, every, in_docs
from gate.mutations._noise import added_field


def _apply(exchange: Exchange) -> Exchange | None:
    fits = CHAT, COMPLETIONS, RESPONSES, EMBEDDINGS
    return in_docs(exchange, lambda doc: every(heads(doc), lambda head: drop(head, "object")), *fits)


MUTATION = Mutation(
    id="object-missing",
    drifts=("S03",),
    area="schema",
    severity=Severity.RISKY,
    summary="`object` is missing",
    apply=_apply,
    twin=added_field,
    exercised_by=("chat", "chat-stream", "embed", "responses"),
)
