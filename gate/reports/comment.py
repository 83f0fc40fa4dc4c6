"""Markdown for a comment on a pull request, which GitHub refuses beyond 65,536 characters.

It answers what broke, who breaks, what to do and how to get unblocked; all else is folded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from gate.model import Report
from gate.reports.words import markdown_parts as parts
from gate.reports.words.findings import switched_off
from gate.reports.words.headlines import Headline
from gate.reports.words.matrix import GRAVITY
from gate.text.markdown import folded
from gate.text.plural import count

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
    scenarios = folded(_title(report), [where.rstrip()])
    room -= parts.size(scenarios)
    open_, more = parts.fitting(parts.failing(report, titled=False), room, "\n\n")
    room -= parts.size(open_)
    others, more_others = _others(report, 0 if more else room)
    left = parts.left_out(more_rows, more + more_others)
    return parts.joined((top, open_, *others, scenarios, *left, foot))


def _title(report: Report) -> str:
    counts = Counter(result.status for result in report.scenarios)
    words = ", ".join(f"{counts[status]} {status}" for status in GRAVITY if counts[status])
    return f"{count(len(report.scenarios), 'scenario')}{f': {words}' if words else ''}; where and when"


def _others(report: Report, room: int) -> tuple[list[str], int]:
    """(what does not fail the build, each kind folded; how many parts of it did not fit)."""
    kinds = [("", parts.fixed(report)), ("", parts.not_judged(report)), ("", parts.figures(report))]
    kinds += [(title, _folded(report, groups)) for title, groups in parts.calm(report)]
    shown, left = [], 0
    for title, pieces in kinds:
        inner, more = parts.fitting(pieces, room, "\n\n")
        room, left = room - parts.size(inner), left + more
        shown.append(folded(title, [inner]) if title and inner else inner)
    return [*shown, switched_off(report)], left


def _folded(report: Report, groups: tuple[Headline, ...]) -> Iterator[str]:
    return (parts.finding("", headline, report) for headline in groups)
