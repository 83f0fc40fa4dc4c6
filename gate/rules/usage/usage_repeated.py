"""Usage in more than one chunk of a stream (US02, US11)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.answer import comparable, numbered
from gate.observe.usage import bearing


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where every golden stream says it once: clients then add up, or take the first."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        mine = bearing(found)
        if len(mine) < 2 or any(len(bearing(g)) > 1 for g in comparable(golden, found)):
            continue
        if any(bearing(g) for g in comparable(golden, found)):
            # the first one alone would be right: the evidence is the second
            second = mine[1].frame
            yield Drift(
                path="usage",
                message=f"usage comes in {len(mine)} chunks; the golden sends it once",
                golden="in 1 chunk",
                candidate=f"in {len(mine)} chunks",
                sample=sample,
                severity=None,
                frame=second.number,
                byte=second.start,
            )


RULE = Rule(
    id="usage-repeated",
    area="usage",
    severity=Severity.RISKY,
    summary="a stream reports its usage more than once",
    who_breaks="clients that add usage up bill twice; clients that take the first count almost nothing",
    hint="let the gateway send usage once, in the last chunk",
    check=check,
)
