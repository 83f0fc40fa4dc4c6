"""Counts of usage that cannot be, or that say something about the prompt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gate.model import Exchange, Severity
from gate.mutations import Row
from gate.mutations.chat import usages
from gate.mutations.edit import in_docs
from gate.mutations.facts import CHAT, COMPLETIONS
from gate.mutations.harmless import other_usage
from gate.mutations.values import each, put


def reasoning_beside(exchange: Exchange) -> Exchange | None:
    """Reasoning is counted beside the completion that should contain it: differences go below zero."""
    return _reasoned(exchange, 60)


def all_was_reasoning(exchange: Exchange) -> Exchange | None:
    """All of the completion was reasoning."""
    return _reasoned(exchange, 0)


def _reasoned(exchange: Exchange, beyond: int) -> Exchange | None:
    def change(usage: dict[str, Any]) -> bool:
        whole = usage.get("completion_tokens")
        details = {"reasoning_tokens": whole + beyond} if type(whole) is int else None
        return details is not None and put(usage, "completion_tokens_details", details)

    return in_docs(exchange, each(usages, change), CHAT)


def count_negative(exchange: Exchange) -> Exchange | None:
    """A counter that was never set comes as -1: typed clients fail to decode it."""
    fits = each(
        usages, lambda usage: type(usage.get("completion_tokens")) is int and put(usage, "completion_tokens", -1)
    )
    return in_docs(exchange, fits, CHAT, COMPLETIONS)


def prompt_cut(exchange: Exchange) -> Exchange | None:
    """A quarter of the prompt arrives: the server cuts what is beyond its context, with status 200."""
    # a shorter prompt can't lose as much as chat templates differ by (usage-prompt-cut)
    return _prompted(exchange, lambda prompt: prompt // 4, least=1400)


def prompt_padded(exchange: Exchange) -> Exchange | None:
    """A gateway adds instructions of its own to each prompt."""
    # five thousand tokens and twice the prompt: more than any preamble of tools
    return _prompted(exchange, lambda prompt: 2 * prompt + 5000, least=1)


def _prompted(exchange: Exchange, count: Callable[[int], int], least: int) -> Exchange | None:
    def change(usage: dict[str, Any]) -> bool:
        prompt, total = usage.get("prompt_tokens"), usage.get("total_tokens")
        if type(prompt) is not int or type(total) is not int or prompt < least:
            return False
        now = count(prompt)
        # cached tokens are a part of the prompt: of one that was cut, none came from the cache
        usage.pop("prompt_tokens_details", None)
        usage["total_tokens"] = total - prompt + now
        return put(usage, "prompt_tokens", now)

    return in_docs(exchange, each(usages, change), CHAT)


_COUNTED = ("chat", "chat-stream-usage")

MUTATIONS = (
    Row(
        drifts=("US13",),
        severity=Severity.RISKY,
        summary="more reasoning tokens than completion tokens",
        caught_by=("usage-part-exceeds",),
        apply=reasoning_beside,
        twin=all_was_reasoning,
        exercised_by=_COUNTED,
    ),
    Row(
        drifts=("US14",),
        severity=Severity.BREAKING,
        summary="a count is negative",
        caught_by=("usage-impossible",),
        apply=count_negative,
        twin=other_usage,
        exercised_by=_COUNTED,
    ),
    Row(
        drifts=("US15",),
        severity=Severity.RISKY,
        summary="the prompt is cut on its way",
        caught_by=("usage-prompt-cut",),
        apply=prompt_cut,
        twin=other_usage,
        exercised_by=("long-history", "long-prompt"),
    ),
    Row(
        drifts=("US16",),
        severity=Severity.RISKY,
        summary="something is added to the prompt",
        caught_by=("usage-prompt-padded",),
        apply=prompt_padded,
        twin=other_usage,
        exercised_by=_COUNTED,
    ),
)
