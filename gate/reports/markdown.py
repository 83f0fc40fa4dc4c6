"""Markdown for the step summary of a CI job: verdict, why, the whole table, then every cause, folded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from gate.model import Finding, Report, ScenarioResult
from gate.prose.figures import count, facts_line, latency_line
from gate.prose.markup import cell, code, fenced, folded, prose
from gate.prose.matrix import GRAVITY, Cell, Matrix, matrix
from gate.prose.safetext import line, uncommanded
from gate.prose.wording import crash_lines, header, headline_lines, sections, switched_off

# GitHub drops a summary of more than 1 MiB as a whole.
_SUMMARY = 900 * 1024
_REST = 400  # bytes for the sentences that say what was left out
_STATUS = {"drift": "❌ drift", "incomplete": "⚠️ incomplete", "pass": "✅ pass", "skipped": "➖ skipped"}


def render(report: Report, limit: int = _SUMMARY) -> str:
    """Markdown of at most `limit` bytes (UTF-8). What does not fit is counted; the table comes before details."""
    head = "\n\n".join(_head(report))
    room = limit - _size(head) - _REST
    table, more_rows = _fitting(_table(report), room // 2, "\n")
    room -= _size(table)
    details, more_details = _fitting(_details(report), room, "\n\n")
    left = [f"{number} more {what}" for number, what in ((more_rows, "scenarios"), (more_details, "details")) if number]
    tail = [f"*{' and '.join(left)} did not fit here; the json report has them all.*"] if left else []
    return uncommanded("\n\n".join(part for part in (head, table, details, *tail) if part)) + "\n"


def _fitting(parts: Iterable[str], room: int, joint: str) -> tuple[str, int]:
    """As many of the first parts as fit, and how many do not; a later, smaller one never jumps the queue."""
    kept: list[str] = []
    left = 0
    for part in parts:
        room -= _size(part) + len(joint)
        if left or room < 0:
            left += 1
        else:
            kept.append(part)
    return joint.join(kept), left


def _size(text: str) -> int:
    return len(text.encode())


def _head(report: Report) -> Iterator[str]:
    yield f"## swapgate: {_STATUS[report.verdict]}"
    yield f"**Why:** {prose(report.reason)}"
    if report.lead:
        yield f"**Mind:** {prose(report.lead, 900)}"
    facts = (("golden", report.golden), ("candidate", report.candidate))
    yield "\n".join(f"- {name}: {code(facts_line(known), 1000)}" for name, known in facts)


# -- the table ----------------------------------------------------------------------------------


def _table(report: Report) -> Iterator[str]:
    found = matrix(report)
    yield from _across(found) if found.routes else _down(report)


def _down(report: Report) -> Iterator[str]:
    """One route: a row for each scenario, what failed first."""
    yield "| scenario | endpoint | status | findings | latency |\n|---|---|---|---|---|"
    found: dict[str, list[Finding]] = {}
    for finding in report.findings:
        found.setdefault(finding.scenario, []).append(finding)
    for result in sorted(report.scenarios, key=lambda result: GRAVITY.index(result.status)):
        said = ", ".join(part for part in (_counted(found.get(result.id, ())), _reason(result)) if part)
        cells = (cell(result.id), cell(result.endpoint), _STATUS[result.status], said)
        yield f"| {' | '.join(cells)} | {cell(latency_line(result.latency))} |"


def _across(found: Matrix) -> Iterator[str]:
    """Several routes: a column for each; the number is that of the enforced findings."""
    yield f"| scenario | {' | '.join(map(cell, found.routes))} |\n|---|{'---|' * len(found.routes)}"
    for scenario, cells in found.rows:
        words = [_marked(cells[route]) if route in cells else "" for route in found.routes]
        yield f"| {cell(scenario)} | {' | '.join(words)} |"


def _marked(found: Cell) -> str:
    return f"{_STATUS[found.status]} {found.number}" if found.number else _STATUS[found.status]


def _counted(findings: Iterable[Finding]) -> str:
    seen = Counter(f.severity.word if f.outcome == "enforced" else f.outcome for f in findings)
    return ", ".join(f"{seen[word]} {word}" for word in ("breaking", "risky", "info", "tolerated") if seen[word])


def _reason(result: ScenarioResult) -> str:
    return prose(result.reason, 300).replace("|", "\\|")


# -- the rest -----------------------------------------------------------------------------------


def _details(report: Report) -> Iterator[str]:
    notes = [f"- {prose(note)}" for note in report.notes[:20]]
    if len(report.notes) > len(notes):
        notes.append(f"- and {count(len(report.notes) - len(notes), 'more note')}")
    if notes:
        yield "\n".join(["### Notes", "", *notes])
    for crash in report.crashes:
        lines = crash_lines(crash)
        yield folded(lines[0], [fenced(lines)])
    yield from _not_judged(report)
    yield from _findings(report)
    streams = [f"{line(result.id)}  {line(text, 400)}" for result in report.scenarios for text in result.streams]
    if streams:
        yield folded(count(len(streams), "stream"), [fenced(streams)])


def _not_judged(report: Report) -> Iterator[str]:
    """The reasons, for which a matrix has no room."""
    open_ = [result for result in report.scenarios if result.route and result.reason]
    if open_:
        lines = [f"{result.status}  {line(result.id)}  {line(result.reason, 600)}" for result in open_]
        yield folded(f"{count(len(lines), 'scenario')} not judged", [fenced(lines)])


def _findings(report: Report) -> Iterator[str]:
    for title, groups in sections(report):
        heading = f"### {title}\n\n"
        for headline in groups:
            yield heading + folded(header(headline), [fenced(headline_lines(headline))])
            heading = ""
    if hidden := switched_off(report):
        yield hidden
