"""prompt_tokens no longer counts the cached part of the prompt (US12)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_usage
from gate.observe.usage import PROMPT, tokens, usage
from gate.rules.usage._usage import CACHED, DETAILS, golden_counts

# One token in so many. Chat templates differ by a few tokens (B15): the row of another template is 0.7 % off.
# An integer, as no float holds every count.
SLACK = 50
# https://platform.openai.com/docs/guides/prompt-caching: hits grow in steps of 128 tokens. A smaller difference can
# be the template's.
LEAST = 128


def check(comparison: Comparison) -> Iterator[Drift]:
    """The golden's count is the candidate's plus what the candidate says it took from its cache."""
    for pair in comparison.answers:
        counts = usage(pair.candidate) or {}
        prompt, cached = tokens(counts, *PROMPT), _cached(counts)
        usual = [tokens(golden, *PROMPT) or 0 for golden in golden_counts(pair)]
        # golden samples that differ by more than the slack do not count the same prompt
        if prompt is None or cached < LEAST or (max(usual) - min(usual)) * SLACK > min(usual):
            continue
        whole = min(usual)
        # half of the cached tokens, the middle between a route that counts them and one that does not
        if abs(prompt + cached - whole) * SLACK <= whole and 2 * (whole - prompt) > cached:
            name = next(key for key in PROMPT if key in counts)
            yield pair.drift(
                path=f"usage.{name}",
                message=f"{name} excludes the {cached} cached tokens that the golden counts",
                golden=str(whole),
                candidate=str(prompt),
            )


def _cached(counts: dict[str, Any]) -> int:
    """The tokens read from a cache, by the API's own names and by those of vendors."""
    places = (*(counts.get(key) for key in DETAILS), counts)
    known = [tokens(place, "cached_tokens") for place in places if isinstance(place, dict)]
    return max([count for count in (*known, tokens(counts, *CACHED)) if count], default=0)


RULE = Rule(
    id="usage-prompt-differs",
    area="usage",
    # US12: cost formulas are off by the cached part
    severity=Severity.RISKY,
    summary="prompt_tokens excludes cached tokens that the golden includes",
    who_breaks="cost formulas that subtract cached from prompt tokens count the cache twice, or become negative",
    hint="add the cache reads to prompt_tokens in the gateway",
    check=check,
    where=has_usage,
)
