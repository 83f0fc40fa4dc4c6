"""More bytes than `limits.max_body` keeps: the answer can't be judged as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Ending, Rule, Severity
from gate.rules.transport._endings import said, unseen


def check(comparison: Comparison) -> Iterator[Drift]:
    """The rest was counted and hashed, not kept; no golden was that large."""
    golden, candidate = comparison.golden, comparison.candidate
    largest = max((g.size for g in golden), default=0)
    for sample, found in unseen(golden, candidate, Ending.TOO_LARGE):
        yield Drift(
            path="body",
            message="the body is larger than the gate keeps",
            golden=f"{largest} bytes at most",
            candidate=said(found),
            sample=sample,
        )


RULE = Rule(
    id="body-too-large",
    area="transport",
    severity=Severity.RISKY,
    summary="the body is larger than limits.max_body, and was not judged to its end",
    who_breaks="clients and proxies with a size limit of their own",
    hint="look for an answer that repeats itself; raise limits.max_body if it is right",
    check=check,
)
