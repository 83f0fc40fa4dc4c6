"""prompt_tokens no longer counts the cached part of the prompt (US12)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.answer import comparable, numbered
from gate.observe.usage import PROMPT, tokens, usage

SLACK = 0.02  # chat templates differ by a few tokens (B15)
LEAST = 128  # the block of most caches; a smaller difference can be the template's


def check(comparison: Comparison) -> Iterator[Drift]:
    """The golden's count is the candidate's plus what the candidate says it took from its cache."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        said, cached = tokens(usage(found), *PROMPT), _cached(usage(found))
        counts = [tokens(usage(g), *PROMPT) or 0 for g in comparable(golden, found)]
        if said is None or cached < LEAST or not counts:
            continue
        whole = min(counts)
        # max(counts) == min(counts) up to the slack: the golden counts one and the same prompt
        if (
            max(counts) <= whole * (1 + SLACK)
            and abs(said + cached - whole) <= whole * SLACK
            and said < whole - cached / 2
        ):
            name = next(key for key in PROMPT if key in (usage(found) or {}))
            message = f"{name} leaves out the {cached} cached tokens that the golden counts"
            yield Drift(path=f"usage.{name}", message=message, golden=str(whole), candidate=str(said), sample=sample)


def _cached(counts: dict[str, Any] | None) -> int:
    # the vendors' own keys as well: Anthropic, DeepSeek, Mistral
    details = [(counts or {}).get(key) for key in ("prompt_tokens_details", "input_tokens_details")]
    found = [tokens(d, "cached_tokens") for d in (*details, counts) if isinstance(d, dict)]
    names = ("cache_read_input_tokens", "prompt_cache_hit_tokens", "num_cached_tokens")
    return max([c for c in (*found, tokens(counts, *names)) if c], default=0)


RULE = Rule(
    id="usage-prompt-differs",
    area="usage",
    severity=Severity.RISKY,
    summary="prompt_tokens excludes cached tokens that the golden includes",
    who_breaks="cost formulas that subtract cached from prompt tokens count the cache twice, or go below zero",
    hint="add the cache reads to prompt_tokens in the gateway",
    check=check,
)
