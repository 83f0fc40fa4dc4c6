"""The order in which a team should fix findings."""

from __future__ import annotations

from gate.model import Finding
from gate.model.words import AREAS
from gate.text.safe import STORED, cut

_RANK = {area: rank for rank, area in enumerate(AREAS)}


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
