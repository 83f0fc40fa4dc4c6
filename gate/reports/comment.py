"""Markdown for a comment on a pull request, which GitHub refuses beyond 65,536 characters."""

from __future__ import annotations

from gate.model import Report
from gate.reports import markdown

_COMMENT = 65_000


def render(report: Report) -> str:
    """The step summary's text within 65,000 bytes."""
    return markdown.render(report, _COMMENT)
