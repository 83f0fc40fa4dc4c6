"""Usage in more than one chunk of a stream (US02, US11)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_streams
from gate.observe.usage import bearing


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where every golden stream has it at most once: clients then add up, or take the first."""
    for pair in comparison.answers:
        events, usual = bearing(pair.candidate), [len(bearing(golden)) for golden in pair.golden]
        # where the golden has no usage at all, a usage is an added field, or usage-unasked's
        if len(events) > 1 == max(usual):
            yield pair.drift(
                path="usage",
                message=f"usage is in {len(events)} chunks; the golden sends it once",
                golden="in 1 chunk",
                candidate=f"in {len(events)} chunks",
                at=events[1],  # the first one alone would be right
            )


RULE = Rule(
    id="usage-repeated",
    area="usage",
    # US02, US11: the answer is whole, the sum or the first count is wrong
    severity=Severity.RISKY,
    summary="a stream reports its usage more than once",
    who_breaks="clients that add usage up bill twice; clients that take the first one count almost nothing",
    hint="let the gateway send usage once, in the last chunk",
    check=check,
    where=has_streams,
)
