"""Markdown for a comment on a pull request, which GitHub refuses beyond 65,536 characters."""

from __future__ import annotations

from gate.model import Report
from gate.reports import markdown

_COMMENT = 64_000  # the action adds where the whole report is


def render(report: Report) -> str:
    """The step summary's text within 64,000 bytes; what passed is folded."""
    return markdown.render(report, _COMMENT, brief=True)
