"""`content` is left out where it was null: typed clients want the key."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import spoken
from gate.mutations._edit import CHAT, drop, every, in_docs, streamed
from gate.mutations._stream_noise import role_without_content


def _apply(exchange: Exchange) -> Exchange | None:
    return None if streamed(exchange) else in_docs(exchange, lambda doc: every(spoken(doc), _dropped), CHAT)


def _dropped(message: dict[str, Any]) -> bool:
    return message.get("content", 0) is None and drop(message, "content")


MUTATION = Mutation(
    id="content-missing",
    drifts=("S07",),
    area="schema",
    severity=Severity.RISKY,
    summary="a message has no content key",
    apply=_apply,
    twin=role_without_content,
    exercised_by=("tool-forced",),
)
