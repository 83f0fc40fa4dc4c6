"""The break-down of tokens is gone (US08)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.answer import comparable, numbered
from gate.observe.usage import usage


def check(comparison: Comparison) -> Iterator[Drift]:
    """`*_details` that every golden sample fills. Some routes send them only when they are not zero (B16)."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        mine, counts = usage(found), [usage(g) or {} for g in comparable(golden, found)]
        if mine and counts:
            # details that are all zero may be left out (B16): what the first sample has empty is not asked of others
            keys = {key for key, value in counts[0].items() if key.endswith("_details") and value}
            for key in sorted(key for key in keys if all(c.get(key) for c in counts) and not mine.get(key)):
                gone = "null" if key in mine else "absent"
                yield Drift(
                    path=f"usage.{key}", message=f"{key} is gone", golden="an object", candidate=gone, sample=sample
                )


RULE = Rule(
    id="usage-details-lost",
    area="usage",
    severity=Severity.INFO,
    summary="the break-down of the token counts is missing",
    who_breaks="cost code that indexes the details without a check",
    hint="read the details only where they are present",
    check=check,
)
