"""`reasoning_content` becomes `reasoning`: clients that read the old key silently get nothing."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import spoken
from gate.mutations._edit import CHAT, every, in_docs, put, rename


def _apply(exchange: Exchange) -> Exchange | None:
    return in_docs(exchange, lambda doc: every(spoken(doc), _renamed), CHAT)


def _renamed(part: dict[str, Any]) -> bool:
    fits = bool(part.get("reasoning_content")) and "reasoning" not in part
    return fits and rename(part, "reasoning_content", "reasoning")


def _twin(exchange: Exchange) -> Exchange | None:
    """Both keys, with the same text."""
    return in_docs(exchange, lambda doc: every(spoken(doc), _both), CHAT)


def _both(part: dict[str, Any]) -> bool:
    return bool(part.get("reasoning_content")) and put(part, "reasoning", part["reasoning_content"])


MUTATION = Mutation(
    id="reasoning-renamed",
    drifts=("S11",),
    area="schema",
    severity=Severity.BREAKING,
    summary="reasoning_content is called reasoning",
    apply=_apply,
    twin=_twin,
    exercised_by=("param-reasoning-effort", "chat"),
)
