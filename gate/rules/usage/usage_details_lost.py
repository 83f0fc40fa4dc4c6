"""The breakdown of token counts is missing (US08)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import MISSING, Comparison, Drift, Rule, Severity
from gate.observe.answer import grammar, word
from gate.observe.scopes import has_usage
from gate.observe.usage import usage
from gate.rules.usage._usage import golden_counts


def check(comparison: Comparison) -> Iterator[Drift]:
    """`*_details` that every golden sample fills. Some routes send them only when they are not zero (B16)."""
    for pair in comparison.answers:
        counts, golden = usage(pair.candidate), golden_counts(pair)
        # the Responses API requires them: response-usage-details
        if not counts or grammar(pair.candidate).answer_at:
            continue
        for key in sorted(key for key in golden[0] if key.endswith("_details")):
            if all(sample.get(key) for sample in golden) and not counts.get(key):
                yield pair.drift(
                    path=f"usage.{key}",
                    message=f"{key} is {'empty' if counts.get(key) == {} else word(counts.get(key, MISSING))}",
                    golden="an object",
                    candidate="null" if key in counts else "absent",
                )


RULE = Rule(
    id="usage-details-lost",
    area="usage",
    # US08; some routes send details only when they are not zero (B16)
    severity=Severity.INFO,
    summary="the breakdown of the token counts is missing",
    who_breaks="cost code that indexes the details without a check",
    hint="read the details only where they are present",
    check=check,
    where=has_usage,
)
