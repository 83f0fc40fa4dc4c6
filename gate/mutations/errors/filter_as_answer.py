"""A filtered prompt becomes a 200 without content: handlers of the 400 never run, readers of content crash."""

from __future__ import annotations

from gate.endpoints import member
from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import refused, replied, seen
from gate.mutations._noise import other_prose


def _apply(exchange: Exchange) -> Exchange | None:
    if not refused(exchange) or member(seen(exchange).error, "code") != "content_filter":
        return None
    choice = {"index": 0, "finish_reason": "content_filter", "message": {"role": "assistant"}}
    body = {"id": "chatcmpl-f", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
    return replied(exchange, 200, body)


MUTATION = Mutation(
    id="filter-as-answer",
    drifts=("ER18",),
    area="errors",
    severity=Severity.RISKY,
    summary="a filtered prompt comes as an answer without content",
    apply=_apply,
    twin=other_prose,
    exercised_by=("json-schema-refusal",),
)
