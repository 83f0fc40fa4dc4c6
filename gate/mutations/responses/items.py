"""The output items of the Responses API and their parts, in a body and in the events that tell of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gate.endpoints import member, members
from gate.model import Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.chat import heads
from gate.mutations.edit import in_docs
from gate.mutations.facts import RESPONSES
from gate.mutations.harmless import again
from gate.mutations.responses.events import fewer_deltas
from gate.mutations.values import drop, each


def call_id_missing(exchange: Exchange) -> Exchange | None:
    """A function call without call_id: its result can't be sent back."""
    return in_docs(exchange, each(items, lambda item: drop(item, "call_id")), RESPONSES)


def call_without_item_id(exchange: Exchange) -> Exchange | None:
    """A function call without an id of its own, which the specification permits (RS13)."""

    def change(item: dict[str, Any]) -> bool:
        return item.get("type") == "function_call" and drop(item, "id")

    return in_docs(exchange, each(items, change), RESPONSES)


def item_status_missing(exchange: Exchange) -> Exchange | None:
    """Items without a status: typed clients miss the field. Of a custom call the API does not promise one."""

    def change(item: dict[str, Any]) -> bool:
        return item.get("type") != "custom_tool_call" and drop(item, "status")

    return in_docs(exchange, each(items, change), RESPONSES)


def part_text_missing(exchange: Exchange) -> Exchange | None:
    """Parts are opened without `text: ""`: clients can't read the item, and drop all of its text."""

    def change(part: dict[str, Any]) -> bool:
        return part.get("type") == "output_text" and drop(part, "text")

    return in_docs(exchange, each(_parts, change), RESPONSES)


def truncation_completed(exchange: Exchange) -> Exchange | None:
    """An answer cut at the limit is called completed: nobody can tell that it is half."""

    def change(head: dict[str, Any]) -> bool:
        cut_off = head.get("status") == "incomplete" and isinstance(head.get("incomplete_details"), dict)
        if cut_off:
            head.update(status="completed", incomplete_details=None)
        return cut_off

    return in_docs(exchange, each(heads, change), RESPONSES)


def items(doc: Json) -> Iterator[dict[str, Any]]:
    """The output items of a body or an event."""
    items = [*members(doc, "output"), *members(member(doc, "response"), "output"), member(doc, "item")]
    return (item for item in items if isinstance(item, dict))


def _parts(doc: Json) -> Iterator[dict[str, Any]]:
    """The content parts of a body or an event."""
    parts = [part for item in items(doc) for part in members(item, "content")]
    return (part for part in (*parts, member(doc, "part")) if isinstance(part, dict))


_BOTH = ("responses", "responses-stream")

MUTATIONS = (
    Row(
        drifts=("RS13",),
        # RS13 is info for the item's own id; without call_id the result can't be sent back
        severity=Severity.BREAKING,
        summary="function calls have no call_id",
        caught_by=("field-missing",),
        apply=call_id_missing,
        twin=call_without_item_id,
        exercised_by=("responses-tool",),
    ),
    Row(
        drifts=("RS09",),
        severity=Severity.BREAKING,
        summary="output items have no status",
        caught_by=("field-missing",),
        apply=item_status_missing,
        twin=again,
        exercised_by=_BOTH,
    ),
    Row(
        drifts=("RS11",),
        severity=Severity.BREAKING,
        summary="text parts have no text",
        caught_by=("answer-empty",),
        apply=part_text_missing,
        twin=fewer_deltas,
        exercised_by=_BOTH,
    ),
    Row(
        drifts=("RS10",),
        # https://platform.openai.com/docs/api-reference/responses/object#responses/object-incomplete_details
        severity=Severity.RISKY,
        summary="a cut answer is called completed",
        caught_by=("truncation-hidden",),
        apply=truncation_completed,
        twin=again,
        exercised_by=_BOTH,
    ),
)
