"""A choice without a message, as when nothing visible was generated."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import choices
from gate.mutations._edit import CHAT, drop, every, in_docs
from gate.mutations._noise import nulls_toggled


def _apply(exchange: Exchange) -> Exchange | None:
    return in_docs(exchange, lambda doc: every(choices(doc), lambda choice: drop(choice, "message")), CHAT)


MUTATION = Mutation(
    id="message-missing",
    drifts=("S06",),
    area="schema",
    severity=Severity.BREAKING,
    summary="a choice has no message",
    apply=_apply,
    twin=nulls_toggled,
    exercised_by=("chat", "tool-forced"),
)
