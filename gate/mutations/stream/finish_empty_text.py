"""finish_reason is an empty string until the end: it is neither null nor a reason."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import choices
from gate.mutations._edit import CHAT, every, in_docs, put, streamed
from gate.mutations._stream_noise import finish_left_out


def _apply(exchange: Exchange) -> Exchange | None:
    return in_docs(exchange, lambda doc: every(choices(doc), _emptied), CHAT) if streamed(exchange) else None


def _emptied(choice: dict[str, Any]) -> bool:
    return choice.get("finish_reason", 0) is None and put(choice, "finish_reason", "")


MUTATION = Mutation(
    id="finish-empty-text",
    drifts=("ST11",),
    area="stream",
    severity=Severity.RISKY,
    summary="finish_reason is an empty string in mid-stream",
    apply=_apply,
    twin=finish_left_out,
    exercised_by=("chat-stream",),
)
