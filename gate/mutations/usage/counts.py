"""What usage says: its members, their types, their sum, cached tokens, and who counted."""

from __future__ import annotations

from typing import Any

from gate.endpoints import member
from gate.model import Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.chat import usages
from gate.mutations.edit import in_docs
from gate.mutations.facts import CHAT, COMPLETIONS, EMBEDDINGS
from gate.mutations.harmless import other_usage
from gate.mutations.passages import answered_by, sent_on
from gate.mutations.values import drop, each, every, put

_SUMMANDS = ("prompt_tokens", "completion_tokens", "total_tokens")


def usage_empty(exchange: Exchange) -> Exchange | None:
    """Usage is an empty object."""

    def change(usage: dict[str, Any]) -> bool:
        had = bool(usage)
        usage.clear()
        return had

    return in_docs(exchange, each(usages, change), CHAT, COMPLETIONS, EMBEDDINGS)


def usage_incomplete(exchange: Exchange) -> Exchange | None:
    """Usage without completion_tokens: readers raise KeyError."""
    return in_docs(exchange, each(usages, lambda usage: drop(usage, "completion_tokens")), CHAT, COMPLETIONS)


def usage_with_queue_time(exchange: Exchange) -> Exchange | None:
    """One more member."""
    # Groq's member, in seconds (S27, a row of field-added)
    return in_docs(exchange, each(usages, lambda usage: put(usage, "queue_time", 0.09)), CHAT, COMPLETIONS)


def usage_strings(exchange: Exchange) -> Exchange | None:
    """Token counts come as text: sums become concatenations."""

    def change(usage: dict[str, Any]) -> bool:
        counts = [key for key, count in usage.items() if type(count) is int]
        return every(counts, lambda key: put(usage, key, str(usage[key])))

    return in_docs(exchange, each(usages, change), CHAT, COMPLETIONS, EMBEDDINGS)


def usage_sum(exchange: Exchange) -> Exchange | None:
    """total_tokens is not prompt plus completion: reasoning is counted in neither, and billing is wrong."""

    def change(usage: dict[str, Any]) -> bool:
        counts: list[Any] = [usage.get(key) for key in _SUMMANDS]
        if not all(type(count) is int for count in counts) or counts[0] + counts[1] != counts[2]:
            return False
        # 60 is chosen: tokens of reasoning that no part counts (US09)
        return put(usage, "total_tokens", counts[2] + 60)

    return in_docs(exchange, each(usages, change), CHAT, COMPLETIONS)


# -- cached tokens --------------------------------------------------------------------------------


def usage_cached_renamed(exchange: Exchange) -> Exchange | None:
    """Cached tokens under a vendor's own key: every hit is billed in full."""

    def change(usage: dict[str, Any]) -> bool:
        cached = _cached(usage)
        fits = type(cached) is int and "cached_tokens" not in usage
        return fits and drop(usage, "prompt_tokens_details") and put(usage, "prompt_cache_hit_tokens", cached)

    return in_docs(exchange, each(usages, change), CHAT)


def warmer_cache(exchange: Exchange) -> Exchange | None:
    """A warmer cache (B16)."""

    def change(usage: dict[str, Any]) -> bool:
        cached = _cached(usage)
        return type(cached) is int and put(usage["prompt_tokens_details"], "cached_tokens", cached + 1)

    return in_docs(exchange, each(usages, change), CHAT)


def usage_without_cached(exchange: Exchange) -> Exchange | None:
    """prompt_tokens leaves out what came from the cache: cost formulas count it twice, or go below zero."""

    def change(usage: dict[str, Any]) -> bool:
        cached: Any = _cached(usage)
        counts = [usage.get("prompt_tokens"), usage.get("total_tokens"), cached]
        # a difference of a few tokens could be another chat template's (B15)
        # 128 as in usage-prompt-differs: https://platform.openai.com/docs/guides/prompt-caching
        if not all(type(count) is int for count in counts) or cached < 128:
            return False
        usage["total_tokens"] -= cached
        return put(usage, "prompt_tokens", usage["prompt_tokens"] - cached)

    return in_docs(exchange, each(usages, change), CHAT)


def _cached(usage: dict[str, Any]) -> Json:
    return member(usage.get("prompt_tokens_details"), "cached_tokens")


_COUNTED = ("chat", "chat-stream-usage")


def usage_recounted(exchange: Exchange) -> Exchange | None:
    """The gateway counts with a tokenizer of its own: budgets and the provider's bill disagree."""
    return answered_by(exchange, other_usage(exchange))


MUTATIONS = (
    Row(
        drifts=("US05",),
        severity=Severity.RISKY,
        summary="usage is an empty object",
        caught_by=("usage-incomplete",),
        apply=usage_empty,
        twin=other_usage,
        exercised_by=("chat", "chat-stream-usage", "embed"),
    ),
    Row(
        drifts=("US05",),
        severity=Severity.RISKY,
        summary="completion_tokens is missing",
        caught_by=("usage-incomplete",),
        apply=usage_incomplete,
        twin=usage_with_queue_time,
        exercised_by=_COUNTED,
    ),
    Row(
        drifts=("US05",),
        severity=Severity.RISKY,
        summary="token counts are strings",
        caught_by=("field-type-changed",),
        apply=usage_strings,
        twin=other_usage,
        exercised_by=("chat", "chat-stream-usage", "embed"),
    ),
    Row(
        drifts=("US09",),
        severity=Severity.RISKY,
        summary="total_tokens is not the sum",
        caught_by=("usage-sum",),
        apply=usage_sum,
        twin=other_usage,
        exercised_by=_COUNTED,
    ),
    Row(
        drifts=("US07",),
        severity=Severity.RISKY,
        summary="cached tokens under another key",
        caught_by=("usage-cached-renamed",),
        apply=usage_cached_renamed,
        twin=warmer_cache,
        exercised_by=_COUNTED,
    ),
    Row(
        drifts=("US12",),
        severity=Severity.RISKY,
        summary="prompt_tokens leaves out cached tokens",
        caught_by=("usage-part-exceeds",),
        apply=usage_without_cached,
        twin=other_usage,
        exercised_by=("long-history",),
    ),
    Row(
        drifts=("RQ23",),
        severity=Severity.RISKY,
        summary="a gateway counts tokens itself",
        caught_by=("usage-rewritten",),
        apply=usage_recounted,
        twin=sent_on,
        exercised_by=("chat", "chat-stream-usage"),
    ),
)
