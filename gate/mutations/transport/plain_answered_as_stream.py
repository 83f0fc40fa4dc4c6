"""A gateway streams to everybody: clients that asked for one JSON body can't parse it."""

from __future__ import annotations

import json
from typing import Any

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import choices
from gate.mutations._edit import CHAT, replied, seen, served
from gate.mutations._noise import again


def _apply(exchange: Exchange) -> Exchange | None:
    body = seen(exchange).body
    if not served(exchange, CHAT) or not isinstance(body, dict):
        return None
    parts = [{**choice, "delta": choice.get("message")} for choice in choices(body)]
    chunk = {**body, "object": "chat.completion.chunk", "choices": [_without_message(part) for part in parts]}
    return replied(exchange, 200, b"data: " + json.dumps(chunk).encode() + b"\n\ndata: [DONE]\n\n", "text/event-stream")


def _without_message(part: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in part.items() if key != "message"}


MUTATION = Mutation(
    id="plain-answered-as-stream",
    drifts=("T20",),
    area="transport",
    severity=Severity.BREAKING,
    summary="one JSON body was asked for, a stream came",
    apply=_apply,
    twin=again,
    exercised_by=("chat", "tool-forced"),
)
