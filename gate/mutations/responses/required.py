"""What a response must have: the details of its usage, the fields that repeat its request, statuses that agree."""

from __future__ import annotations

from typing import Any

from gate.endpoints import member, members
from gate.model import Exchange, Severity
from gate.mutations import Row
from gate.mutations.chat import heads, usages
from gate.mutations.edit import in_docs
from gate.mutations.facts import RESPONSES
from gate.mutations.harmless import again
from gate.mutations.values import drop, each, every, put

_DETAILS = {"input_tokens_details": "cached_tokens", "output_tokens_details": "reasoning_tokens"}


def usage_details_bare(exchange: Exchange) -> Exchange | None:
    """The details of usage are empty objects: Codex fails to decode the response."""

    def change(usage: dict[str, Any]) -> bool:
        return every(_DETAILS, lambda key: drop(usage.get(key), _DETAILS[key]))

    return in_docs(exchange, each(usages, change), RESPONSES)


def other_details(exchange: Exchange) -> Exchange | None:
    """Other counts in the details (B16)."""

    def change(usage: dict[str, Any]) -> bool:
        # 1 is within any count of tokens: a part is never larger than the whole
        return every(_DETAILS, lambda key: isinstance(usage.get(key), dict) and put(usage[key], _DETAILS[key], 1))

    return in_docs(exchange, each(usages, change), RESPONSES)


def response_fields_lost(exchange: Exchange) -> Exchange | None:
    """The response no longer repeats the request's tools: typed clients miss a required field."""
    lost = ("tools", "tool_choice", "parallel_tool_calls")
    return in_docs(exchange, each(heads, lambda head: every(lost, lambda key: drop(head, key))), RESPONSES)


def item_left_open(exchange: Exchange) -> Exchange | None:
    """The items of a completed response stay in progress: clients keep them open for ever."""

    def change(head: dict[str, Any]) -> bool:
        items = [item for item in members(head, "output") if member(item, "status") == "completed"]
        return head.get("status") == "completed" and every(items, lambda item: put(item, "status", "in_progress"))

    return in_docs(exchange, each(heads, change), RESPONSES)


_BOTH = ("responses", "responses-stream")

MUTATIONS = (
    Row(
        drifts=("RS17",),
        severity=Severity.BREAKING,
        summary="the details of usage are empty objects",
        caught_by=("response-usage-details",),
        apply=usage_details_bare,
        twin=other_details,
        exercised_by=_BOTH,
    ),
    Row(
        drifts=("RS18",),
        severity=Severity.RISKY,
        summary="a response lacks required fields",
        caught_by=("response-field-lost",),
        apply=response_fields_lost,
        twin=again,
        exercised_by=_BOTH,
    ),
    Row(
        drifts=("RS22",),
        severity=Severity.RISKY,
        summary="the items of a completed response are in progress",
        caught_by=("terminal-event-differs",),
        apply=item_left_open,
        twin=again,
        exercised_by=_BOTH,
    ),
)
