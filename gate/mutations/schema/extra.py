"""What vendors add to an answer: fields of their own, and Azure's annotations of its filters, which may also go."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.chat import choices
from gate.mutations.edit import in_docs
from gate.mutations.facts import CHAT, COMPLETIONS, RESPONSES, seen
from gate.mutations.harmless import added_field, again, filter_results
from gate.mutations.values import drop, every

# https://learn.microsoft.com/azure/ai-services/openai/concepts/content-filter
_OF_ANSWER, _OF_CHOICE = "prompt_filter_results", "content_filter_results"


def field_unknown(exchange: Exchange) -> Exchange | None:
    """A field that no schema has: decoders that forbid what they don't know refuse the answer."""
    known = "provider" in seen(exchange).shape or seen(exchange).endpoint not in (CHAT, COMPLETIONS, RESPONSES)
    return None if known else added_field(exchange)


def filter_results_added(exchange: Exchange) -> Exchange | None:
    """After a move to Azure answers have its annotations."""
    return None if _annotated(exchange) else filter_results(exchange)


def filter_results_dropped(exchange: Exchange) -> Exchange | None:
    """Without Azure its annotations are gone: audits of filtered content find nothing."""
    filled = [
        path for path in _annotated(exchange) if seen(exchange).shape[path].empty < seen(exchange).shape[path].seen
    ]

    def change(doc: Json) -> bool:
        return every((doc, *choices(doc)), _plain)

    return in_docs(exchange, change, CHAT) if filled else None


def _plain(part: Any) -> bool:
    return every((_OF_ANSWER, _OF_CHOICE), lambda key: drop(part, key))


def _annotated(exchange: Exchange) -> list[str]:
    return [path for path in (_OF_ANSWER, f"choices[].{_OF_CHOICE}") if path in seen(exchange).shape]


MUTATIONS = (
    Row(
        drifts=("S27",),
        # B21: nearly all clients ignore it
        severity=Severity.INFO,
        summary="a field that no schema knows",
        caught_by=("field-added",),
        apply=field_unknown,
        twin=again,
        exercised_by=("chat", "chat-stream", "responses"),
    ),
    Row(
        drifts=("S32",),
        severity=Severity.INFO,
        summary="annotations of Azure's filters",
        caught_by=("field-added",),
        apply=filter_results_added,
        twin=again,
        exercised_by=("chat", "chat-stream"),
    ),
    Row(
        drifts=("S45",),
        severity=Severity.RISKY,
        summary="the annotations of Azure's filters are gone",
        caught_by=("filter-results-lost",),
        apply=filter_results_dropped,
        twin=again,
        exercised_by=("chat", "chat-stream"),
    ),
)
