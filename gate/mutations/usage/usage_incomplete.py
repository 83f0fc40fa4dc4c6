"""Usage without completion_tokens: readers raise KeyError."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import usages
from gate.mutations._edit import CHAT, COMPLETIONS, drop, every, in_docs, put


def _apply(exchange: Exchange) -> Exchange | None:
    return in_docs(exchange, lambda doc: every(usages(doc), lambda u: drop(u, "completion_tokens")), CHAT, COMPLETIONS)


def _twin(exchange: Exchange) -> Exchange | None:
    """One more member."""
    return in_docs(exchange, lambda doc: every(usages(doc), lambda u: put(u, "queue_time", 0.09)), CHAT, COMPLETIONS)


MUTATION = Mutation(
    id="usage-incomplete",
    drifts=("US05",),
    area="usage",
    severity=Severity.RISKY,
    summary="completion_tokens is missing",
    apply=_apply,
    twin=_twin,
    exercised_by=("chat", "chat-stream-usage"),
)
