"""Findings grouped by cause, in the order in which a team should fix them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gate.judge.order import order
from gate.model import Finding, Severity
from gate.text.safe import STORED, cut
from gate.wire.shape import indexless

_OUTCOMES = {"enforced": 0, "tolerated": 1, "off": 2}


@dataclass(frozen=True, slots=True)
class Headline:
    """Findings of one rule at one path in any scenarios; never empty, in report order."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """The finding that the report shows in full."""
        return self.findings[0]

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The scenarios that have it, each once, in report order."""
        return tuple(dict.fromkeys(finding.scenario for finding in self.findings))


def headlines(findings: Iterable[Finding]) -> tuple[Headline, ...]:
    """Groups of the same rule, path (without indexes), severity and outcome; enforced before tolerated."""
    groups: dict[tuple[int, str, str, Severity], list[Finding]] = {}
    for finding in sorted(findings, key=order):
        path = indexless(cut(finding.path, STORED))
        key = (_OUTCOMES[finding.outcome], finding.rule, path, finding.severity)
        groups.setdefault(key, []).append(finding)
    grouped = [Headline(tuple(group)) for group in groups.values()]
    return tuple(sorted(grouped, key=lambda headline: _OUTCOMES[headline.first.outcome]))
