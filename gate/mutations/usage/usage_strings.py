"""Token counts come as text: sums become concatenations."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import usages
from gate.mutations._edit import CHAT, COMPLETIONS, EMBEDDINGS, every, in_docs, put
from gate.mutations._noise import other_usage


def _apply(exchange: Exchange) -> Exchange | None:
    return in_docs(exchange, lambda doc: every(usages(doc), _quoted), CHAT, COMPLETIONS, EMBEDDINGS)


def _quoted(usage: dict[str, Any]) -> bool:
    found = [key for key, value in usage.items() if type(value) is int]
    return every(found, lambda key: put(usage, key, str(usage[key])))


MUTATION = Mutation(
    id="usage-strings",
    drifts=("US05",),
    area="usage",
    severity=Severity.RISKY,
    summary="token counts are strings",
    apply=_apply,
    twin=other_usage,
    exercised_by=("chat", "chat-stream-usage", "embed"),
)
