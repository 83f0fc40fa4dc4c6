"""The finish chunk has no `delta`: typed clients miss the field, others read a property of undefined."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import choices
from gate.mutations._edit import CHAT, drop, every, in_docs
from gate.mutations._stream_noise import empty_delta_before_finish


def _apply(exchange: Exchange) -> Exchange | None:
    return in_docs(exchange, lambda doc: every(choices(doc), _dropped), CHAT)


def _dropped(choice: dict[str, Any]) -> bool:
    return bool(choice.get("finish_reason")) and choice.get("delta") == {} and drop(choice, "delta")


MUTATION = Mutation(
    id="delta-missing",
    drifts=("ST03",),
    area="stream",
    severity=Severity.BREAKING,
    summary="the finish chunk has no delta",
    apply=_apply,
    twin=empty_delta_before_finish,
    exercised_by=("chat-stream", "tool-forced-stream"),
)
