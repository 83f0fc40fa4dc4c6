"""Markdown for the step summary of a CI job: verdict, reason, what fails the build; then the table of scenarios, all
other causes, and last where and when, each folded behind a line."""

from __future__ import annotations

from gate.model import Report
from gate.reports.words import markdown_parts as parts
from gate.text.markdown import fenced, folded
from gate.text.plural import count
from gate.text.safe import line

# The rest is for what the action adds; over 1 MiB the whole summary is lost, and the step gets an error annotation.
_SUMMARY = 900 * 1024  # bytes; GitHub drops a summary of more than 1 MiB


def render(report: Report) -> str:
    """Markdown of at most 900 KiB (UTF-8). What does not fit is counted; half is kept for the table."""
    top, last = "\n\n".join(parts.head(report)), [*parts.whence(report), *parts.notes(report), *parts.explained(report)]
    streams = _streams(report)
    title = _title(report, len(streams))
    room = _SUMMARY - parts.size(top) - parts.size(folded(title, last)) - parts.REST
    # At most half for the table: with 1,000 scenarios it would leave no room for a single finding.
    rows, more_rows = parts.fitting(parts.table(report) if report.scenarios else (), room // 2, "\n")
    room -= parts.size(rows)
    open_, more_open = parts.fitting(parts.failing(report), room, "\n\n")
    room -= parts.size(open_)
    others, more_others = parts.calm(report, 0 if more_open else room)
    room -= sum(map(parts.size, others))
    told, more_told = parts.fitting([fenced(streams)] if streams else (), room, "\n\n")
    left = parts.left_out(more_rows, more_open + more_others + more_told)
    table = _table(report, rows, said=bool(open_))
    return parts.joined((top, open_, table, *others, *left, folded(title, [*last, *([told] if told else [])])))


def _table(report: Report, rows: str, *, said: bool) -> str:
    """Folded where the findings above have `said` it: they name their scenarios, but not the routes beside theirs."""
    several = any(result.route for result in report.scenarios)
    return folded(parts.counted(report), [rows]) if rows and said and not several else rows


def _streams(report: Report) -> list[str]:
    return [f"{line(result.id)}  {line(text, 400)}" for result in report.scenarios for text in result.streams]


def _title(report: Report, streams: int) -> str:
    """What a reader seldom asks for."""
    counted = ((len(report.notes), "note"), (streams, "stream"))
    return ", ".join(["where and when", *(count(number, what) for number, what in counted if number)])
