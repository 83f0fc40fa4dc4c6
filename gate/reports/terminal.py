"""The report for a person at a terminal or in a CI log: verdict, findings in the order of fixing, then tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from gate.judge.verdict import fails
from gate.model import Report, ScenarioResult, Severity
from gate.reports.words.comparison import Comparison, Entry, comparison, legend
from gate.reports.words.figures import facts_line, latency_line
from gate.reports.words.findings import alike, brief_line, crash_lines, headline_lines, sections, switched_off
from gate.reports.words.history import fixed_lines, since_line, tally_line
from gate.reports.words.matrix import Cell, Matrix, matrix
from gate.reports.words.ways_out import ways_out
from gate.text.plural import count
from gate.text.safe import cut, line, uncommanded

_COLUMN = 40  # characters; a long name must not push other columns off the screen
_ROUTES, _WIDTH = 3, 14  # routes beside the golden, and characters of a column
# chosen: less than a screen, so that the verdict is repeated rather too often than too rarely.
_SCREEN = 40  # lines
# A request that was passed on, and answered as it was upstream.
_PASSED = re.compile(
    r"\w+ \S+ at \d+ ms: (\d+) · client: \1( after \d+ ms)?( · adds \d+ ms to an event \(p95 \d\d? ms\))?"
)
_FIGURE = re.compile(r"\d[\d.]*(?: m?s\b)?")
# ANSI SGR codes (ECMA-48, 8.3.117): 31 red, 32 green, 33 yellow, 36 cyan, 1 bold. By the start of a line, because a
# remote's text never starts one.
_COLOURS = {
    "PASS": "1;32", "DRIFT": "1;31", "INCOMPLETE": "1;33", "breaking[": "31", "risky[": "33", "info[": "36",
    "crashed[": "1;31", "  [- golden]": "31", "  [+ candidate]": "32", "  drift ": "31", "  incomplete ": "33",
}  # fmt: skip


def render(report: Report, colour: bool = False) -> str:
    """Plain text; `colour` adds ANSI colours. Escape sequences of the remote never pass."""
    lines = list(_lines(report))
    if len(lines) > _SCREEN:
        lines += ["", lines[0]]  # the verdict again, because the top has scrolled away
    lines = uncommanded("\n".join(lines)).split("\n")
    return "\n".join(_painted(text) if colour else text for text in lines) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"{report.verdict.upper()}  {line(report.reason, 600)}"
    if report.lead:
        yield f"  warning: {line(report.lead, 900)}"
    yield from (f"  {text}" for text in (since_line(report), tally_line(report)) if text)
    yield f"  golden     {facts_line(report.golden)}"
    yield f"  candidate  {facts_line(report.candidate)}"
    for crash in report.crashes:
        yield from ("", *crash_lines(crash))
    yield from _findings(report)
    yield from _section("Fixed since the base", fixed_lines(report))
    yield from _section("Streams", _streams(report.scenarios))
    yield from _section("Upstream", _hops(report.scenarios))
    yield from _section("Routes", _across(matrix(report)))
    yield from _section("Routes in figures", _figures(comparison(report)))
    yield from _section("Scenarios", _table([result for result in report.scenarios if not result.unrecorded]))
    yield from _section("Without a golden", _unrecorded(report.scenarios))
    yield from _section("Notes", (line(note, 600) for note in report.notes))


def _findings(report: Report) -> Iterator[str]:
    for title, groups in sections(report):
        yield from ("", title)
        loud = [headline for headline in groups if headline.first.severity > Severity.INFO]
        for headline in loud:
            yield from ("", *headline_lines(headline, report.rules_url))
            yield from ways_out(headline) if fails(headline.first, report.fail_on) else ()
        # info findings get one line each, so that others are not buried
        quiet = [brief_line(headline) for headline in groups if headline.first.severity <= Severity.INFO]
        yield from ("", *quiet) if quiet else ()
    if hidden := switched_off(report):
        yield from ("", hidden)


def _section(title: str, rows: Iterable[str]) -> Iterator[str]:
    lines = [f"  {row}".rstrip() for row in rows]
    if lines:
        yield from ("", f"{title}:", *lines)


def _streams(scenarios: Sequence[ScenarioResult]) -> Iterator[str]:
    """A row for each stream; those of a scenario that differ in numbers alone are one row and a count."""
    alike: dict[tuple[str, str], list[str]] = {}
    for result in scenarios:
        for text in result.streams:
            alike.setdefault((result.id, _FIGURE.sub("", text)), []).append(text)
    rows = [
        (line(name), line(first, 400) + (f" · {len(others)} more like it" if others else ""))
        for (name, _), (first, *others) in alike.items()
    ]
    width = min(max((len(name) for name, _ in rows), default=0), _COLUMN)
    return (f"{name:<{width}}  {text}" for name, text in rows)


def _hops(scenarios: Sequence[ScenarioResult]) -> Iterator[str]:
    """Both sides of a gateway, where more happened than one request and its answer."""
    rows = [(line(r.id), line(text, 400)) for r in scenarios for text in r.upstream if _PASSED.fullmatch(text) is None]
    width = min(max((len(name) for name, _ in rows), default=0), _COLUMN)
    return (f"{name:<{width}}  {text}" for name, text in rows)


def _across(results: Matrix) -> Iterator[str]:
    """Scenarios × routes of a merged report; nothing where there is one route."""
    rows = [(line(name), *(_words(cells.get(route)) for route in results.routes)) for name, cells in results.rows]
    if results.routes:
        yield from (row.rstrip() for row in _aligned([("", *map(line, results.routes)), *rows]))
        yield from ("", "a number: so many enforced findings; -: not in the suite of that route")


def _figures(compared: Comparison) -> Iterator[str]:
    """Routes side by side, as many as 80 columns hold, and what the rows count; nothing where there is one route."""
    names = compared.columns if len(compared.columns) > 2 else ()
    for start in range(1, len(names), _ROUTES):
        chosen = [0, *range(start, min(start + _ROUTES, len(names)))]
        yield from [""] if start > 1 else []
        yield _spread("", [cut(line(names[n]), _WIDTH - 2) for n in chosen])
        for row in compared.figures:
            yield _spread(row.name, [_entry(row.entries[n]) for n in chosen])
    if names:
        yield from ("", "each request counts once, and only where every column has the figure:")
        yield from (f"{name}: {about}" for name, about in legend(compared).items())


def _spread(name: str, cells: Sequence[str]) -> str:
    return f"{name:<22}{''.join(f'{cell:>{_WIDTH}}' for cell in cells)}".rstrip()


def _entry(entry: Entry) -> str:
    """`412 ms ×1.3`; the share already says how it differs."""
    return f"{entry.text} {entry.change}" if entry.change[:1] in ("×", "÷") else entry.text


def _words(result: Cell | None) -> str:
    return result.words if result else "-"


def _table(scenarios: Sequence[ScenarioResult]) -> Iterator[str]:
    groups = alike(scenarios)
    for row, (result, *_) in zip(_aligned([_row(group) for group in groups]), groups, strict=True):
        yield f"{row}  {line(result.reason)}".rstrip()


def _unrecorded(scenarios: Sequence[ScenarioResult]) -> Iterator[str]:
    """What nobody recorded, and what it would have shown."""
    absent = [result for result in scenarios if result.unrecorded]
    rows = [(line(result.id), line(result.reason).removeprefix("no golden; ")) for result in absent]
    width = min(max((len(name) for name, _ in rows), default=0), _COLUMN)
    return (f"{name:<{width}}  {text}" for name, text in rows)


def _row(group: Sequence[ScenarioResult]) -> tuple[str, ...]:
    first, attempts = group[0], count(sum(result.attempts for result in group), "attempt")
    if len(group) > 1:
        return first.status, f"{len(group)} scenarios", "", attempts, ""
    return first.status, line(first.id), line(first.endpoint), attempts, latency_line(first.latency)


def _aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [min(max(map(len, column)), _COLUMN) for column in zip(*rows, strict=True)]
    return ("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)) for row in rows)


def _painted(text: str) -> str:
    code = next((code for start, code in _COLOURS.items() if text.startswith(start)), None)
    # The only escape sequences of the report are these: `line` has removed those of the remote.
    return text if code is None else f"\x1b[{code}m{text}\x1b[0m"
