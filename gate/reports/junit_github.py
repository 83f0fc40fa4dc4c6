"""JUnit for the actions that annotate pull requests: `junit` with `file` and `line` on its test cases."""

from __future__ import annotations

from gate.model import Report
from gate.reports import junit


def render(report: Report) -> str:
    """XML text; valid against the schemas but for `file` and `line`."""
    return junit.render(report, places=True)
