"""The id is empty: logs and traces that are keyed by it overwrite each other."""

from __future__ import annotations

from typing import Any

from gate.endpoints import member
from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import heads
from gate.mutations._edit import CHAT, COMPLETIONS, RESPONSES, every, in_docs, put, seen
from gate.mutations._noise import again


def _apply(exchange: Exchange) -> Exchange | None:
    # Azure's first chunk has none (ST01)
    if any(member(event.doc, "id") == "" for event in seen(exchange).events):
        return None
    return in_docs(exchange, lambda doc: every(heads(doc), _emptied), CHAT, COMPLETIONS, RESPONSES)


def _emptied(head: dict[str, Any]) -> bool:
    return bool(head.get("id")) and put(head, "id", "")


MUTATION = Mutation(
    id="id-empty",
    drifts=("S02",),
    area="schema",
    severity=Severity.RISKY,
    summary="id is the empty string",
    apply=_apply,
    twin=again,
    exercised_by=("chat", "chat-stream", "responses"),
)
