"""Findings in the order in which a team should fix them, and by scenario."""

from __future__ import annotations

from collections.abc import Iterable

from gate.model import Finding
from gate.model.words import AREAS
from gate.text.safe import STORED, cut

_RANK = {area: rank for rank, area in enumerate(AREAS)}


def order(finding: Finding) -> tuple[int, int, str, str, str, int, str, str]:
    """Sort key (-severity, rank of the area, rule, path, scenario, step, fingerprint, message): the worst first, then
    by area in the order of fixing."""
    return (
        # Severity before area: a risky finding in the first area must not stand above a breaking one in the last.
        -finding.severity,
        _RANK[finding.area],
        finding.rule,
        # paths hold field names that the remote chose: one may be a megabyte long
        cut(finding.path, STORED),
        # The rest makes the order total, so that reports are the same bytes for the same findings.
        finding.scenario,
        finding.step,
        finding.fingerprint,
        finding.message,
    )


def by_scenario(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Scenario id → its findings, in the given order."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.scenario, []).append(finding)
    return groups
