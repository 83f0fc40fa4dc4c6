"""error.param no longer names the parameter."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member
from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.answer import word
from gate.rules.errors._failures import alike, failures, is_null, is_text, listed, members_of
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """For the same status: gone, another name, or no text at all."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in failures(golden, candidate):
        now = member(found.error, "param")
        usual = [p for p in members_of(alike(golden, found), "param") if is_text(p)]
        if not isinstance(found.error, dict) or not usual or now in usual:
            continue
        odd = not (is_null(now) or isinstance(now, str))
        message = f"error.param is {word(now)}" if odd else "error.param does not name the golden's parameter"
        severity = Severity.RISKY if odd else Severity.INFO
        yield Drift(
            path="error.param",
            message=message,
            golden=listed(usual),
            candidate=show(now, 80),
            sample=sample,
            severity=severity,
        )


RULE = Rule(
    id="error-param-changed",
    area="errors",
    severity=Severity.INFO,
    summary="error.param does not name the parameter that the golden's error names",
    who_breaks="forms that mark the wrong field; code that drops the named parameter and tries again",
    hint="let the gateway pass param on from the upstream's error",
    check=check,
)
