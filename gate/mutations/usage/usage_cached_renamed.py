"""Cached tokens under a vendor's own key: every hit is billed in full."""

from __future__ import annotations

from typing import Any

from gate.endpoints import member
from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import usages
from gate.mutations._edit import CHAT, drop, every, in_docs, put


def _apply(exchange: Exchange) -> Exchange | None:
    return in_docs(exchange, lambda doc: every(usages(doc), _renamed), CHAT)


def _renamed(usage: dict[str, Any]) -> bool:
    cached = member(usage.get("prompt_tokens_details"), "cached_tokens")
    fits = type(cached) is int and "cached_tokens" not in usage
    return fits and drop(usage, "prompt_tokens_details") and put(usage, "prompt_cache_hit_tokens", cached)


def _twin(exchange: Exchange) -> Exchange | None:
    """A warmer cache (B16)."""

    def change(usage: dict[str, Any]) -> bool:
        details: Any = usage.get("prompt_tokens_details")
        fits = isinstance(details, dict) and type(details.get("cached_tokens")) is int
        return fits and put(details, "cached_tokens", details["cached_tokens"] + 1)

    return in_docs(exchange, lambda doc: every(usages(doc), change), CHAT)


MUTATION = Mutation(
    id="usage-cached-renamed",
    drifts=("US07",),
    area="usage",
    severity=Severity.RISKY,
    summary="cached tokens under another key",
    apply=_apply,
    twin=_twin,
    exercised_by=("chat", "chat-stream-usage"),
)
