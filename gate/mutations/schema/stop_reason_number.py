"""vLLM's `stop_reason` becomes the id of a token: typed consumers expect a string."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import choices
from gate.mutations._edit import CHAT, COMPLETIONS, drop, every, in_docs, put


def _apply(exchange: Exchange) -> Exchange | None:
    return in_docs(exchange, lambda doc: every(choices(doc), _numbered), CHAT, COMPLETIONS)


def _numbered(choice: dict[str, Any]) -> bool:
    return not isinstance(choice.get("stop_reason", 0), int) and put(choice, "stop_reason", 13)


def _twin(exchange: Exchange) -> Exchange | None:
    """No stop_reason where it was null."""
    return in_docs(exchange, lambda doc: every(choices(doc), _dropped), CHAT, COMPLETIONS)


def _dropped(choice: dict[str, Any]) -> bool:
    return choice.get("stop_reason", 0) is None and drop(choice, "stop_reason")


MUTATION = Mutation(
    id="stop-reason-number",
    drifts=("S19",),
    area="schema",
    severity=Severity.RISKY,
    summary="stop_reason is a number",
    apply=_apply,
    twin=_twin,
    exercised_by=("stop",),
)
