"""The provider's own stop reason is forwarded untranslated: typed clients fail, branches never match."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import choices, finishing
from gate.mutations._edit import CHAT, COMPLETIONS, every, in_docs, put

_NATIVE = {"stop": "end_turn", "length": "MAX_TOKENS", "tool_calls": "tool_use"}


def _apply(exchange: Exchange) -> Exchange | None:
    return in_docs(exchange, finishing(lambda reason: _NATIVE.get(str(reason))), CHAT, COMPLETIONS)


def _twin(exchange: Exchange) -> Exchange | None:
    """The native reason beside the translated one."""
    return in_docs(exchange, lambda doc: every(choices(doc), _beside), CHAT)


def _beside(choice: dict[str, Any]) -> bool:
    return bool(choice.get("finish_reason")) and put(choice, "native_finish_reason", "end_turn")


MUTATION = Mutation(
    id="finish-native",
    drifts=("S15",),
    area="schema",
    severity=Severity.BREAKING,
    summary="finish_reason in a provider's own words",
    apply=_apply,
    twin=_twin,
    exercised_by=("chat", "chat-stream", "tool-forced"),
)
