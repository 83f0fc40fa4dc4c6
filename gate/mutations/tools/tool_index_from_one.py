"""The first call has index 1: the official client's accumulator raises IndexError."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import calls
from gate.mutations._edit import CHAT, every, in_docs, put, streamed
from gate.mutations._noise import other_spacing_of_arguments


def _apply(exchange: Exchange) -> Exchange | None:
    return in_docs(exchange, lambda doc: every(calls(doc), _raised), CHAT) if streamed(exchange) else None


def _raised(call: dict[str, Any]) -> bool:
    return type(call.get("index")) is int and put(call, "index", call["index"] + 1)


MUTATION = Mutation(
    id="tool-index-from-one",
    drifts=("TL02",),
    area="tools",
    severity=Severity.BREAKING,
    summary="the first tool call has index 1",
    apply=_apply,
    twin=other_spacing_of_arguments,
    exercised_by=("tool-forced-stream",),
)
