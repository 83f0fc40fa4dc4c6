"""The attempt got no response where the golden has one: refused, reset, no TLS."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Ending, Rule, Severity
from gate.rules.transport._endings import ending

# timeouts are no-answer-in-time's; a cancelled request was closed by the scenario itself
_EXCUSED = (Ending.TIMEOUT, Ending.CANCELLED)


def check(comparison: Comparison) -> Iterator[Drift]:
    """Outages do not reach the rules: the route answered other requests, and not this one."""
    if any(golden.form == "none" for golden in comparison.golden):
        return
    statuses = sorted({str(golden.status) for golden in comparison.golden})
    for pair in comparison.pairs:
        if pair.candidate.form == "none" and pair.candidate.ending not in _EXCUSED:
            yield pair.drift(
                path="status",
                message="the route sends no response to this request",
                golden=f"status {' or '.join(statuses)}",
                candidate=ending(pair.candidate),
            )


RULE = Rule(
    id="no-response",
    area="transport",
    # a connection error on this request alone (T27's row)
    severity=Severity.BREAKING,
    summary="there is no response at all where the golden has one",
    who_breaks="every client: a connection error instead of an answer",
    hint="send the same request by hand: servers and proxies that crash on a request close the connection",
    check=check,
)
