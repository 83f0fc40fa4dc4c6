"""Markdown for a comment on a pull request, which GitHub refuses beyond 65,536 characters.

It answers what broke, who breaks, what to do and how to get unblocked; all else is folded.
"""

from __future__ import annotations

from gate.model import Report
from gate.reports.words import markdown_parts as parts
from gate.text.markdown import folded

# GitHub counts characters; bytes are never fewer, so this bound holds for any text.
_COMMENT = 64_000  # bytes; the action adds a link to the whole report


def render(report: Report) -> str:
    """At most 64,000 bytes: the findings that fail the build, as the step summary has them; a line for each kind of
    others, and one for the scenarios."""
    top, foot = ("\n\n".join(lines(report)) for lines in (parts.head, parts.explained))
    room = _COMMENT - parts.size(top) - parts.size(foot) - parts.REST
    # At most half for what stands below: with 1,000 scenarios it would leave no room for a single finding.
    rows, more_rows = parts.fitting(parts.table(report) if report.scenarios else (), room // 3, "\n")
    rest, _ = parts.fitting((*parts.whence(report), *parts.notes(report)), room // 6, "\n\n")
    where = parts.joined((rows, rest))
    scenarios = folded(f"{parts.counted(report)}; where and when", [where.rstrip()])
    room -= parts.size(scenarios)
    open_, more = parts.fitting(parts.failing(report), room, "\n\n")
    room -= parts.size(open_)
    others, more_others = parts.calm(report, 0 if more else room)
    left = parts.left_out(more_rows, more + more_others)
    return parts.joined((top, open_, *others, scenarios, *left, foot))
