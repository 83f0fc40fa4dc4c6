"""A call without `type`: clients that check for `function` refuse it."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import calls, named
from gate.mutations._edit import CHAT, drop, every, in_docs, put, streamed


def _apply(exchange: Exchange) -> Exchange | None:
    return in_docs(exchange, lambda doc: every(named(doc), lambda call: drop(call, "type")), CHAT)


def _twin(exchange: Exchange) -> Exchange | None:
    """`type` on every part of a streamed call."""
    fits = streamed(exchange, CHAT)
    return in_docs(exchange, lambda doc: every(calls(doc), _typed)) if fits else None


def _typed(call: dict[str, Any]) -> bool:
    return put(call, "type", "function")


MUTATION = Mutation(
    id="tool-type-missing",
    drifts=("TL11",),
    area="tools",
    severity=Severity.BREAKING,
    summary="tool calls have no type",
    apply=_apply,
    twin=_twin,
    exercised_by=("tool-forced", "tool-forced-stream"),
)
