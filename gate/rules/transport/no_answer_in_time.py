"""Nothing, or no end of it, within the route's timeouts."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Ending, Rule, Severity
from gate.observe.answer import ended
from gate.rules.transport._endings import said, unseen


def check(comparison: Comparison) -> Iterator[Drift]:
    """A stall counts wherever it is: before the first byte or between two of them."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in unseen(golden, candidate, Ending.TIMEOUT):
        if not ended(found):
            stalled = "no response came in time" if found.form == "none" else "the answer stalled before its end"
            yield Drift(path="body", message=stalled, golden="a complete answer", candidate=said(found), sample=sample)


RULE = Rule(
    id="no-answer-in-time",
    area="transport",
    severity=Severity.BREAKING,
    summary="the answer was not complete within the timeouts",
    who_breaks="clients time out and send the same again, which is paid twice",
    hint="see whether the route queues or buffers; compare with timeouts in gate.yaml",
    check=check,
)
