"""Usage is an empty object."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import usages
from gate.mutations._edit import CHAT, COMPLETIONS, EMBEDDINGS, every, in_docs
from gate.mutations._noise import other_usage


def _apply(exchange: Exchange) -> Exchange | None:
    return in_docs(exchange, lambda doc: every(usages(doc), _emptied), CHAT, COMPLETIONS, EMBEDDINGS)


def _emptied(usage: dict[str, Any]) -> bool:
    had = bool(usage)
    usage.clear()
    return had


MUTATION = Mutation(
    id="usage-empty",
    drifts=("US05",),
    area="usage",
    severity=Severity.RISKY,
    summary="usage is an empty object",
    apply=_apply,
    twin=other_usage,
    exercised_by=("chat", "chat-stream-usage", "embed"),
)
