"""`logprobs` is one number in place of an object: the official client raises AttributeError."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import choices
from gate.mutations._edit import CHAT, every, in_docs, put
from gate.mutations._noise import nulls_toggled


def _apply(exchange: Exchange) -> Exchange | None:
    return in_docs(exchange, lambda doc: every(choices(doc), _numbered), CHAT)


def _numbered(choice: dict[str, Any]) -> bool:
    return isinstance(choice.get("logprobs", 0), dict | None) and put(choice, "logprobs", -0.5)


MUTATION = Mutation(
    id="logprobs-number",
    drifts=("S23",),
    area="schema",
    severity=Severity.BREAKING,
    summary="logprobs is a number",
    apply=_apply,
    twin=nulls_toggled,
    exercised_by=("chat", "logprobs"),
)
