"""total_tokens is no longer the sum of prompt and completion (US09)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import comparable, numbered
from gate.observe.usage import COMPLETION, PROMPT, tokens, usage


def check(comparison: Comparison) -> Iterator[Drift]:
    """Only where the identity holds in every golden sample: reasoning counted outside completion breaks it."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        gaps = [_gap(g) for g in comparable(golden, found)]
        gap = _gap(found)
        # a golden without totals, or whose totals do not add up, promises nothing
        if gap and gaps and not any(gaps) and None not in gaps:
            counts = usage(found)
            parts = (tokens(counts, *PROMPT), tokens(counts, *COMPLETION), tokens(counts, "total_tokens"))
            message = "total_tokens is not prompt plus completion"
            yield Drift(
                path="usage.total_tokens",
                message=message,
                golden="the sum",
                candidate="{} + {} against {}".format(*parts),
                sample=sample,
            )


def _gap(found: Observation) -> int | None:
    counts = usage(found)
    prompt, completion, total = tokens(counts, *PROMPT), tokens(counts, *COMPLETION), tokens(counts, "total_tokens")
    # an embedding has no completion; one that is null or a text is told by usage-incomplete and the schema
    unread = completion is None and any(key in (counts or {}) for key in COMPLETION)
    return None if prompt is None or total is None or unread else total - prompt - (completion or 0)


RULE = Rule(
    id="usage-sum",
    area="usage",
    severity=Severity.RISKY,
    summary="total_tokens differs from prompt plus completion",
    who_breaks="billing that multiplies the parts charges too little; budgets by total end too early",
    hint="count reasoning tokens into completion_tokens in the gateway",
    check=check,
)
