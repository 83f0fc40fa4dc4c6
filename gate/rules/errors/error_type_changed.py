"""error.type: another word for the same failure, or none (ER01, ER23)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member
from gate.model import Drift, Rule, Samples, Severity
from gate.rules.errors._failures import alike, failed, failures, is_null, is_text, listed, members_of
from gate.wire.shape import show


def check(golden: Samples, candidate: Samples) -> Iterator[Drift]:
    """A type that is gone, whatever the status; another one only where the status is the same."""
    usual = [t for t in members_of([g for g in golden if failed(g)], "type") if is_text(t)]
    for sample, found in failures(golden, candidate) if usual else ():
        if not isinstance(found.error, dict):
            continue
        now = member(found.error, "type")
        same = [t for t in members_of(alike(golden, found), "type") if is_text(t)]
        if is_null(now):
            yield Drift("error.type", "the error has no type", listed(usual), show(now), sample, Severity.RISKY)
        elif not isinstance(now, str) or (same and now not in same):
            message = "the error's type is another word for the same status"
            yield Drift("error.type", message, listed(same or usual), show(now, 80), sample)


RULE = Rule(
    id="error-type-changed",
    area="errors",
    severity=Severity.BREAKING,
    summary="error.type is not what the golden has for the same failure",
    who_breaks="retry and fallback code that branches on error.type takes the wrong branch",
    hint="map the provider's error types to the API's in the gateway",
    check=check,
)
