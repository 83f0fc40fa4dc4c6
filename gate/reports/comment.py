"""Markdown for a comment on a pull request, which GitHub refuses beyond 65,536 characters."""

from __future__ import annotations

from gate.model import Report
from gate.reports import markdown

# GitHub counts characters; bytes are never fewer, so this bound holds for any text.
_COMMENT = 64_000  # bytes; the action adds a link to the whole report


def render(report: Report) -> str:
    """The text of the step summary in at most 64,000 bytes; scenarios that passed are folded."""
    return markdown.render(report, _COMMENT, brief=True)
