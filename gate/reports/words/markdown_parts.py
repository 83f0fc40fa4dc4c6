"""The parts of the step summary and of the comment: Markdown in which nothing of a remote acts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from gate.judge.order import by_scenario
from gate.judge.verdict import fails
from gate.model import Finding, Report, ScenarioResult, Severity
from gate.reports.words.comparison import Entry, comparison, legend
from gate.reports.words.figures import facts_line, routes_of
from gate.reports.words.findings import alike, crash_lines, heading, sections, short_lines, switched_off
from gate.reports.words.headlines import Headline
from gate.reports.words.history import fixed_lines, since_line, tally_line
from gate.reports.words.matrix import GRAVITY, Cell, Matrix, matrix
from gate.reports.words.ways_out import ways_out
from gate.text.markdown import cell, code, fenced, folded, inside, prose
from gate.text.plural import count
from gate.text.safe import line, uncommanded

REST = 400
"""Bytes for the sentences that say what was left out."""
# A sign beside the word: in a long table it is found at a glance, and a screen reader still has the word.
_STATUS = {"drift": "❌ drift", "incomplete": "⚠️ incomplete", "pass": "✅ pass", "skipped": "➖ skipped"}
_SPANS = {"ttft": "first token", "gap": "gap", "total": "total"}
_NAMED = 5  # rules of one kind in a row of the table
# Whoever reads this is not where the gate ran; the action keeps the report under this name.
_REPORT = "gate.json"
_OPEN = 10  # causes that are shown open; chosen: about two screens


def joined(parts: Iterable[str]) -> str:
    """The parts that are not empty, as one text in which no command fires."""
    return uncommanded("\n\n".join(part for part in parts if part)) + "\n"


def left_out(scenarios: int, details: int) -> Iterator[str]:
    """A sentence on what did not fit."""
    left = [f"{number} more {what}" for number, what in ((scenarios, "scenarios"), (details, "details")) if number]
    if left:
        yield f"*{' and '.join(left)} did not fit here; the json report has them all.*"


def fitting(parts: Iterable[str], room: int, joint: str) -> tuple[str, int]:
    """(the first parts, joined, up to the first that does not fit; how many parts are left out)."""
    shown: list[str] = []
    left = 0
    for part in parts:
        room -= size(part) + len(joint)
        # Nothing after the first that does not fit: the order is that of importance.
        if left or room < 0:
            left += 1
        else:
            shown.append(part)
    return joint.join(shown), left


def size(text: str) -> int:
    """In bytes."""
    return len(text.encode())


def head(report: Report) -> Iterator[str]:
    """Verdict, reason, and what changed since the base."""
    yield f"## swapgate: {_STATUS[report.verdict]}{_on(report)}"
    yield f"**{prose(report.reason)}**"
    yield from (
        prose(f"{text[:1].upper()}{text[1:]}.", 900) for text in (since_line(report), tally_line(report)) if text
    )
    if report.lead:
        yield f"**Warning:** {prose(report.lead, 900)}"


def whence(report: Report) -> Iterator[str]:
    """Where and when both sides were asked."""
    facts = (("golden", report.golden), ("candidate", report.candidate))
    yield "\n".join(f"- {name}: {code(facts_line(known), 1000)}" for name, known in facts)


def _on(report: Report) -> str:
    """` on ROUTE`, because a page may have several reports; "" where no route is known."""
    route = report.candidate.get("route")
    names = [route] if isinstance(route, str) and route else [name for name, _ in routes_of(report.candidate)]
    return f" on {prose(', '.join(names), 200)}" if names else ""


# -- the table ----------------------------------------------------------------------------------


def table(report: Report) -> Iterator[str]:
    """The head of the table, and a row for each scenario."""
    routes = matrix(report)
    yield from _across(routes) if routes.routes else _down(report)


def _down(report: Report) -> Iterator[str]:
    """One route: a row for each scenario, the failed ones first."""
    yield "| scenario | endpoint | status | findings | median latency |\n|---|---|---|---|---|"
    groups = by_scenario(report.findings)
    scenarios = sorted(report.scenarios, key=lambda result: GRAVITY.index(result.status))
    for result, *others in alike(scenarios, groups):
        known = (_rules(groups.get(result.id, ()), report.fail_on), _plain(result.reason, 300))
        text = "; ".join(part for part in known if part)
        who = (_plain(result.id), _plain(result.endpoint)) if not others else (f"{len(others) + 1} scenarios", "")
        cells = (*who, _STATUS[result.status], text, "" if others else _latency(result.latency))
        yield f"| {' | '.join(cells)} |"


def _across(table: Matrix) -> Iterator[str]:
    """Several routes: a column for each; the numbers count enforced findings."""
    yield f"| scenario | {' | '.join(map(cell, table.routes))} |\n|---|{'---|' * len(table.routes)}"
    for scenario, cells in table.rows:
        words = [_marked(cells[route]) if route in cells else "" for route in table.routes]
        yield f"| {cell(scenario)} | {' | '.join(words)} |"


def _marked(result: Cell) -> str:
    return f"{_STATUS[result.status]} {result.number}" if result.number else _STATUS[result.status]


def _rules(findings: Iterable[Finding], fail_on: Severity | None) -> str:
    """The rules with findings: first those that fail the build, then others by severity or outcome."""
    kinds: dict[str, dict[str, None]] = {}
    for finding in findings:
        word = finding.severity.word if finding.outcome == "enforced" else finding.outcome
        kinds.setdefault("" if fails(finding, fail_on) else word, {})[finding.rule] = None
    shown = (word for word in ("", "breaking", "risky", "info", "tolerated") if word in kinds)
    return "; ".join((f"{word}: " if word else "") + _listed(tuple(kinds[word])) for word in shown)


def _listed(rules: tuple[str, ...]) -> str:
    more = [f"{len(rules) - _NAMED} more"] if len(rules) > _NAMED else []
    return ", ".join([*(_plain(rule, 80) for rule in rules[:_NAMED]), *more])


def _latency(latency: Mapping[str, float]) -> str:
    """`first token 13 · gap 1 · total 31 ms`: medians, because other percentiles of few calls mean nothing."""
    medians = {name.removesuffix("_p50"): ms for name, ms in sorted(latency.items()) if name.endswith("_p50")}
    known = {words: medians[name] for name, words in _SPANS.items() if name in medians}
    # One unit for the row, so that its figures can be compared at a glance.
    unit, digits, per = ("s", 1, 1000) if any(ms >= 10_000 for ms in known.values()) else ("ms", 0, 1)
    return " · ".join(f"{words} {ms / per:.{digits}f}" for words, ms in known.items()) + (f" {unit}" if known else "")


def _plain(text: str, limit: int = 240) -> str:
    """A cell of the table: words as they are, anything else as code."""
    return prose(text, limit).replace("|", "\\|")


# -- the rest -----------------------------------------------------------------------------------


def failing(report: Report) -> Iterator[str]:
    """What turns the build red, open for the first causes: whoever comes here has one question."""
    groups = (groups for _, groups in sections(report) if fails(groups[0].first, report.fail_on))
    for number, headline in enumerate(chain.from_iterable(groups)):
        yield finding(headline, report, shown=number < _OPEN and not headline.old)
    for crash in report.crashes:
        lines = crash_lines(crash)
        yield folded(inside(lines[0]), [fenced(lines)])


def fixed(report: Report) -> Iterator[str]:
    """What the base has and this report has not, folded."""
    if lines := list(fixed_lines(report)):
        number = count(len(report.history.fixed) if report.history else 0, "finding")
        yield folded(f"✅ {number} fixed since the base", [fenced(lines)])


def notes(report: Report) -> Iterator[str]:
    """A bullet for each note."""
    # chosen: 20 notes are a screen.
    lines = [f"- {prose(note)}" for note in report.notes[:20]]
    if len(report.notes) > len(lines):
        lines.append(f"- and {count(len(report.notes) - len(lines), 'more note')}")
    if lines:
        yield "\n".join(["### Notes", "", *lines])


def counted(report: Report) -> str:
    """`4 scenarios: 2 drift, 2 pass`, for the table where it is folded."""
    counts = Counter(result.status for result in report.scenarios)
    words = ", ".join(f"{counts[status]} {status}" for status in GRAVITY if counts[status])
    return f"{count(len(report.scenarios), 'scenario')}{f': {words}' if words else ''}"


def calm(report: Report, room: int) -> tuple[list[str], int]:
    """(what does not fail the build, each kind folded; how many parts of it did not fit)."""
    kinds = [("", fixed(report)), ("", not_judged(report)), ("", figures(report))]
    for title, groups in sections(report):
        if not fails(groups[0].first, report.fail_on):
            kinds.append((title, (finding(headline, report) for headline in groups)))
    shown, left = [], 0
    for title, pieces in kinds:
        inner, more = fitting(pieces, room, "\n\n")
        room, left = room - size(inner), left + more
        shown.append(folded(title, [inner]) if title and inner else inner)
    return [*shown, switched_off(report)], left


def not_judged(report: Report) -> Iterator[str]:
    """The reasons of scenarios in the table of several routes, which has no column for them."""
    open_ = [result for result in report.scenarios if result.route and result.reason]
    if open_:
        lines = [f"{group[0].status}  {_named(group)}  {line(group[0].reason, 600)}" for group in alike(open_)]
        yield folded(f"{count(len(open_), 'scenario')} not judged", [fenced(lines)])


def figures(report: Report) -> Iterator[str]:
    """Routes side by side, each beside the golden; nothing where there is one route."""
    compared = comparison(report)
    if len(compared.columns) < 3:
        return
    head = f"| | {' | '.join(map(cell, compared.columns))} |\n|---|{'---:|' * len(compared.columns)}"
    rows = [f"| {row.name} | {' | '.join(map(_entry, row.entries))} |" for row in compared.figures]
    yield "\n".join(["### Routes in figures", "", head, *rows])
    about = ["Each request counts once, and only where every column has the figure. In bold: worse than the golden."]
    yield folded(
        "what these figures count",
        ["\n".join([*about, "", *(f"- {name}: {about}" for name, about in legend(compared).items())])],
    )


def _entry(entry: Entry) -> str:
    text = f"{entry.text} ({entry.change})" if entry.change not in ("", "=") else entry.text
    return f"**{text}**" if entry.worse else text


def _named(group: Sequence[ScenarioResult]) -> str:
    return line(group[0].id) if len(group) == 1 else f"{line(group[0].route)}: {len(group)} scenarios"


def finding(headline: Headline, report: Report, *, shown: bool = False) -> str:
    """A cause, folded unless it is `shown`: its heading, evidence and ways out."""
    out = ways_out(headline, _REPORT) if fails(headline.first, report.fail_on) else []
    lines = [*short_lines(headline, report.rules_url, id_below=bool(out)), *out]
    return folded(_summary(headline, report.fail_on), [fenced(lines)], shown=shown)


def _summary(headline: Headline, fail_on: Severity | None) -> str:
    """`❌ tool-forced-stream: finish_reason never comes (finish-reason-missing, 3/3)`."""
    first = headline.first
    where, what, rule = map(inside, heading(headline))
    calm = "➖" if first.outcome == "tolerated" else "ℹ️" if first.severity is Severity.INFO else "⚠️"
    since = f"{headline.since} · " if headline.since else ""
    return f"{'❌' if fails(first, fail_on) else calm} {since}{where}: {what} ({rule})"


def explained(report: Report) -> Iterator[str]:
    """Where a finding's bytes are shown."""
    if any(finding.outcome != "off" for finding in report.findings):
        what = "shows the bytes of a finding, golden and candidate side by side, and the page of its rule"
        yield f"{code(f'gate explain ID --from {_REPORT}')} {what}."
