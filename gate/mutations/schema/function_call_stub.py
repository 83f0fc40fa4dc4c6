"""A legacy `function_call` without a name: clients that still know it dispatch an empty function."""

from __future__ import annotations

from gate.model import Exchange, Json, Severity
from gate.mutations import Mutation
from gate.mutations._chat import choices, spoken
from gate.mutations._edit import CHAT, every, in_docs, put


def _apply(exchange: Exchange) -> Exchange | None:
    return in_docs(exchange, _stubbed, CHAT)


def _stubbed(doc: Json) -> bool:
    ended = {"choices": [choice for choice in choices(doc) if choice.get("finish_reason")]}
    return every(spoken(ended), lambda part: put(part, "function_call", {"name": "", "arguments": ""}))


def _twin(exchange: Exchange) -> Exchange | None:
    """`function_call: null`."""
    return in_docs(exchange, lambda doc: every(spoken(doc), lambda part: put(part, "function_call", None)), CHAT)


MUTATION = Mutation(
    id="function-call-stub",
    drifts=("S29",),
    area="schema",
    severity=Severity.RISKY,
    summary="an empty legacy function_call",
    apply=_apply,
    twin=_twin,
    exercised_by=("chat", "chat-stream"),
)
