"""total_tokens is no longer the sum of prompt and completion (US09)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.scopes import has_usage
from gate.observe.usage import COMPLETION, PROMPT, TOTAL, tokens, usage


def check(comparison: Comparison) -> Iterator[Drift]:
    """Only where the identity holds in every golden sample: reasoning counted outside completion breaks it."""
    for pair in comparison.answers:
        gap, gaps = _gap(pair.candidate), [_gap(golden) for golden in pair.golden]
        # a client of a golden without totals, or whose totals do not add up, cannot rely on the sum
        if gap and not any(gaps) and None not in gaps:
            counts = usage(pair.candidate)
            prompt, completion, total = (tokens(counts, *names) for names in (PROMPT, COMPLETION, TOTAL))
            yield pair.drift(
                path="usage.total_tokens",
                message="total_tokens is not prompt plus completion",
                golden="the sum",
                candidate=f"{prompt} + {completion} against {total}",
            )


def _gap(observation: Observation) -> int | None:
    """total_tokens less its parts; None where one of them can't be read."""
    counts = usage(observation)
    prompt, completion, total = (tokens(counts, *names) for names in (PROMPT, COMPLETION, TOTAL))
    # an embedding has no completion; one that is null or a text is usage-incomplete's and the schema's
    unread = completion is None and any(key in (counts or {}) for key in COMPLETION)
    return None if prompt is None or total is None or unread else total - prompt - (completion or 0)


RULE = Rule(
    id="usage-sum",
    area="usage",
    # US09: bills and budgets, never a crash
    severity=Severity.RISKY,
    summary="total_tokens differs from prompt plus completion",
    who_breaks="billing that multiplies the parts charges too little; budgets by total are used up too early",
    hint="count reasoning tokens into completion_tokens in the gateway",
    check=check,
    where=has_usage,
)
