"""error.type: another word for the same failure, or none (ER01, ER23)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member
from gate.model import Comparison, Drift, Rule, Severity
from gate.rules.errors._failures import alike, failed, failures, is_null, is_text, listed, members_of
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """A type that is gone, whatever the status; another one only where the status is the same."""
    golden, candidate = comparison.golden, comparison.candidate
    usual = [t for t in members_of([g for g in golden if failed(g)], "type") if is_text(t)]
    for sample, found in failures(golden, candidate) if usual else ():
        if not isinstance(found.error, dict):
            continue
        now = member(found.error, "type")
        same = [t for t in members_of(alike(golden, found), "type") if is_text(t)]
        if is_null(now):
            yield Drift(
                path="error.type",
                message="the error has no type",
                golden=listed(usual),
                candidate=show(now),
                sample=sample,
                severity=Severity.RISKY,
            )
        elif not isinstance(now, str) or (same and now not in same):
            message = "the error's type is another word for the same status"
            yield Drift(
                path="error.type", message=message, golden=listed(same or usual), candidate=show(now, 80), sample=sample
            )


RULE = Rule(
    id="error-type-changed",
    area="errors",
    severity=Severity.BREAKING,
    summary="error.type is not what the golden has for the same failure",
    who_breaks="retry and fallback code that branches on error.type takes the wrong branch",
    hint="map the provider's error types to the API's in the gateway",
    check=check,
)
