"""prompt_tokens leaves out what came from the cache: cost formulas count it twice, or go below zero."""

from __future__ import annotations

from typing import Any

from gate.endpoints import member
from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import usages
from gate.mutations._edit import CHAT, every, in_docs, put
from gate.mutations._noise import other_usage


def _apply(exchange: Exchange) -> Exchange | None:
    return in_docs(exchange, lambda doc: every(usages(doc), _lowered), CHAT)


def _lowered(usage: dict[str, Any]) -> bool:
    cached = member(usage.get("prompt_tokens_details"), "cached_tokens")
    counts = [usage.get("prompt_tokens"), usage.get("total_tokens"), cached]
    # a difference of a few tokens could be another chat template's (B15)
    if not all(type(count) is int for count in counts) or cached < 128:
        return False
    usage["total_tokens"] -= cached
    return put(usage, "prompt_tokens", usage["prompt_tokens"] - cached)


MUTATION = Mutation(
    id="usage-without-cached",
    drifts=("US12",),
    area="usage",
    severity=Severity.RISKY,
    summary="prompt_tokens leaves out cached tokens",
    apply=_apply,
    twin=other_usage,
    exercised_by=("long-history",),
)
