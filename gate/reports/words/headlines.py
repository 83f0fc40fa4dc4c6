"""One cause, one headline: findings in the order in which a team should fix them, and grouped by cause."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gate.model import Area, Finding, Severity
from gate.text.safe import STORED, cut
from gate.wire.shape import indexless

# Text first, because a broken text answer breaks everything after it; figures and SDK views last.
AREAS: tuple[Area, ...] = (
    "transport", "schema", "stream", "tools", "structured", "usage", "params",
    "responses", "embeddings", "errors", "latency", "sdk",
)  # fmt: skip
_RANK = {area: rank for rank, area in enumerate(AREAS)}
_OUTCOMES = {"enforced": 0, "tolerated": 1, "off": 2}


@dataclass(frozen=True, slots=True)
class Headline:
    """Findings of one rule at one path, whichever scenarios they come from; never empty, in report order."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        return self.findings[0]

    @property
    def scenarios(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(finding.scenario for finding in self.findings))


def order(finding: Finding) -> tuple[int, int, str, str, str, int, str, str]:
    """Sort key: the worst first, among them area in the order of fixing, then rule, path and place."""
    return (
        -finding.severity,
        _RANK[finding.area],
        finding.rule,
        # Paths hold the remote's own field names, and those can be a megabyte long.
        cut(finding.path, STORED),
        finding.scenario,
        finding.step,
        finding.fingerprint,
        finding.message,
    )


def headlines(findings: Iterable[Finding]) -> tuple[Headline, ...]:
    """Groups of the same rule, path (without indexes), severity and outcome; enforced before tolerated."""
    groups: dict[tuple[int, str, str, Severity], list[Finding]] = {}
    for finding in sorted(findings, key=order):
        path = indexless(cut(finding.path, STORED))
        key = (_OUTCOMES[finding.outcome], finding.rule, path, finding.severity)
        groups.setdefault(key, []).append(finding)
    found = [Headline(tuple(group)) for group in groups.values()]
    return tuple(sorted(found, key=lambda headline: _OUTCOMES[headline.first.outcome]))


def fails(finding: Finding, fail_on: Severity | None) -> bool:
    """Whether the finding turns its scenario to `drift`: enforced, and as bad as `fail_on` or worse."""
    return fail_on is not None and finding.outcome == "enforced" and finding.severity >= fail_on
