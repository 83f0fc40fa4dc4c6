"""For the log of GitHub Actions: the terminal report with workflow commands disabled, then annotations on the goldens.

https://docs.github.com/actions/reference/workflow-commands. The runner shows 10 errors and 10 warnings of a step.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from gate.judge.verdict import fails, uncovered
from gate.model import Finding, Report, Severity
from gate.reports import terminal
from gate.reports.words.findings import header, headline_lines
from gate.reports.words.headlines import Headline, headlines
from gate.reports.words.places import repository_place
from gate.text.plural import count
from gate.text.safe import command, cut, line

# https://github.com/actions/toolkit/pull/734: 10 errors and 10 warnings for each step, 50 for a job; further ones are
# dropped in silence.
_MOST = 10
_MESSAGE = 4000  # characters; the runner cuts at 4,096


@dataclass(frozen=True, slots=True)
class _Annotation:
    level: str
    title: str
    message: str
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        place: dict[str, str | int] = {"file": self.file, "line": self.line} if self.file else {}
        return command(self.level, cut(self.message, _MESSAGE), **place, title=self.title)


def render(report: Report) -> str:
    """Lines for standard output. At most 10 annotations; the last one counts the findings that have none."""
    text = terminal.render(report).rstrip("\n")
    # the candidate can't know the token that enables commands again: it is a hash of all that it sent
    token = hashlib.sha256(text.encode()).hexdigest()
    # A candidate that prints `::error::` or `::add-mask::` in an error message must neither mark the build nor hide
    # text.
    lines = [f"::stop-commands::{token}", text, f"::{token}::", *map(str, _annotations(report))]
    return "\n".join(lines) + "\n"


def _annotations(report: Report) -> list[_Annotation]:
    whole = list(_of_the_run(report))
    groups = sorted(
        headlines(finding for finding in report.findings if _told(finding, report.fail_on)),
        # What fails the build comes first: it must not be among those that are left out.
        key=lambda headline: (not fails(headline.first, report.fail_on), -headline.first.severity),
    )
    room = _MOST - len(whole)
    if len(groups) <= room:
        return [*whole, *(_of(headline, report) for headline in groups)]
    left = groups[room - 1 :]
    findings = count(sum(len(headline.findings) for headline in left), "more finding")
    words = f"{findings} from {count(len(left), 'cause')}: see the log and the summary of this step"
    shown = (_of(headline, report) for headline in groups[: room - 1])
    return [*whole, *shown, _Annotation("notice", f"swapgate: {findings}", words)]


def _told(finding: Finding, fail_on: Severity | None) -> bool:
    """Whether a finding is worth a mark on a pull request: info is not, which would push out what is."""
    return finding.outcome != "off" and (finding.severity > Severity.INFO or fails(finding, fail_on))


def _of_the_run(report: Report) -> Iterator[_Annotation]:
    """The annotation for a run that could not be judged, which no finding says."""
    if report.crashes or uncovered(report) or report.verdict == "incomplete":
        calm = "scenarios without a golden" if uncovered(report) else "the route could not be judged"
        title = "a rule crashed" if report.crashes else calm
        yield _Annotation("error", f"swapgate: {title}", line(report.reason, 600))


def _of(headline: Headline, report: Report) -> _Annotation:
    first = headline.first
    # What fails the build is an error, whatever its severity; a step that passes has none.
    level = "error" if fails(first, report.fail_on) else "warning" if first.outcome == "enforced" else "notice"
    file, number = repository_place(first)
    # The header is aligned by several spaces, which a title would show.
    title = " ".join(header(headline).split())
    # GitHub folds what is below the first lines: what happened comes before the evidence.
    what = line(first.message)
    rest = [text for text in headline_lines(headline, report.rules_url)[1:] if text != f"  what: {what}"]
    # chosen: GitHub shows a title on one line.
    return _Annotation(level, cut(title, 200), "\n".join([what, *rest]), file, number)
