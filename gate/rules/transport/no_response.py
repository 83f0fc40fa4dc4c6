"""The attempt brought no response where the golden has one: refused, reset, no TLS."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Ending, Rule, Samples, Severity
from gate.observe.answer import numbered
from gate.rules.transport._endings import said


def check(comparison: Comparison) -> Iterator[Drift]:
    """What reaches a rule is no outage: the route answered others, and not this one."""
    golden, candidate = comparison.golden, comparison.candidate
    if any(g.form == "none" for g in golden):
        return
    for sample, found in numbered(candidate):
        # timeouts are no-answer-in-time's, and hanging up was the scenario's wish
        if found.form == "none" and found.ending not in (Ending.TIMEOUT, Ending.CANCELLED):
            yield Drift(
                path="status",
                message="the route gives no response to this request",
                golden=_statuses(golden),
                candidate=said(found),
                sample=sample,
            )


def _statuses(golden: Samples) -> str:
    return "status " + " or ".join(sorted({str(g.status) for g in golden}))


RULE = Rule(
    id="no-response",
    area="transport",
    severity=Severity.BREAKING,
    summary="there is no response at all where the golden has one",
    who_breaks="every client: a connection error instead of an answer",
    hint="send the same request by hand: servers and proxies that crash on a request close the connection",
    check=check,
)
