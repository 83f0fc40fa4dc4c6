"""Markdown for the step summary of a CI job: verdict, reason, what fails the build; then the table of scenarios, all
other causes, folded, and last where and when."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Report
from gate.reports.words import markdown_parts as parts
from gate.reports.words.findings import switched_off
from gate.text.markdown import fenced, folded
from gate.text.plural import count
from gate.text.safe import line

# The rest is for what the action adds; over 1 MiB the whole summary is lost, and the step gets an error annotation.
_SUMMARY = 900 * 1024  # bytes; GitHub drops a summary of more than 1 MiB


def render(report: Report) -> str:
    """Markdown of at most 900 KiB (UTF-8). What does not fit is counted; half is kept for the table."""
    top = "\n\n".join(parts.head(report))
    foot = "\n\n".join([*parts.explained(report), *parts.whence(report)])
    room = _SUMMARY - parts.size(top) - parts.size(foot) - parts.REST
    # At most half for the table: with 1,000 scenarios it would leave no room for a single finding.
    rows, more_rows = parts.fitting(parts.table(report) if report.scenarios else (), room // 2, "\n")
    room -= parts.size(rows)
    open_, more_open = parts.fitting(parts.failing(report), room, "\n\n")
    room -= parts.size(open_)
    details, more_details = parts.fitting(_details(report), 0 if more_open else room, "\n\n")
    return parts.joined((top, open_, rows, details, *parts.left_out(more_rows, more_open + more_details), foot))


def _details(report: Report) -> Iterator[str]:
    yield from parts.fixed(report)
    yield from parts.notes(report)
    yield from parts.not_judged(report)
    yield from parts.figures(report)
    for title, groups in parts.calm(report):
        yield from (parts.finding("" if number else title, one, report) for number, one in enumerate(groups))
    if hidden := switched_off(report):
        yield hidden
    streams = [f"{line(result.id)}  {line(text, 400)}" for result in report.scenarios for text in result.streams]
    if streams:
        yield folded(count(len(streams), "stream"), [fenced(streams)])
