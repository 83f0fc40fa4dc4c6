"""The report for a person at a terminal or in a CI log: verdict, what to fix in which order, then the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from gate.headlines import fails, headlines
from gate.model import Finding, Json, Report, ScenarioResult
from gate.safetext import line, uncommanded
from gate.wording import crash_lines, headline_lines

_COLUMN = 40  # no hostile name pushes the rest of a table off the screen
_SCREEN = 40
_HUGE = 2.0**64
_FACTS = ("route", "base_url", "model", "models", "date")  # first, in this order
_COLOURS = {
    "PASS": "1;32", "DRIFT": "1;31", "INCOMPLETE": "1;33", "breaking[": "31", "risky[": "33", "info[": "36",
    "crashed[": "1;31", "  [- golden]": "31", "  [+ candidate]": "32", "  drift ": "31", "  incomplete ": "33",
}  # fmt: skip


def render(report: Report, colour: bool = False) -> str:
    """Plain text; `colour` adds ANSI colours of our own, never the remote's."""
    lines = list(_lines(report))
    if len(lines) > _SCREEN:
        lines += ["", lines[0]]  # the top has scrolled away by now
    lines = uncommanded("\n".join(lines)).split("\n")
    return "\n".join(_painted(text) if colour else text for text in lines) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"{report.verdict.upper()}  {line(report.reason, 600)}"
    yield f"  golden     {_facts(report.golden)}"
    yield f"  candidate  {_facts(report.candidate)}"
    for crash in report.crashes:
        yield from ("", *crash_lines(crash))
    yield from _findings(report)
    yield from _section("Streams", _streams(report.scenarios))
    yield from _section("Scenarios", _table(report.scenarios))
    yield from _section("Notes", (line(note, 600) for note in report.notes))


def _findings(report: Report) -> Iterator[str]:
    shown = [finding for finding in report.findings if finding.outcome != "off"]
    bad = [finding for finding in shown if fails(finding, report.fail_on)]
    enforced = [finding for finding in shown if finding.outcome == "enforced" and not fails(finding, report.fail_on)]
    tolerated = [finding for finding in shown if finding.outcome == "tolerated"]
    fail_on = "never" if report.fail_on is None else report.fail_on.word
    yield from _group("Fails the build, fix from the top", bad)
    yield from _group(f"Does not fail the build (fail_on: {fail_on})", enforced)
    yield from _group("Tolerated by policy", tolerated)
    if len(shown) < len(report.findings):
        yield from ("", f"Switched off by policy: {len(report.findings) - len(shown)}, listed in the json report")


def _group(title: str, findings: Sequence[Finding]) -> Iterator[str]:
    groups = headlines(findings)
    if not groups:
        return
    causes = f" from {_count(len(groups), 'cause')}" if len(groups) < len(findings) else ""
    yield from ("", f"{title}: {_count(len(findings), 'finding')}{causes}")
    for headline in groups:
        yield from ("", *headline_lines(headline))


def _section(title: str, rows: Iterable[str]) -> Iterator[str]:
    lines = [f"  {row}" for row in rows]
    if lines:
        yield from ("", f"{title}:", *lines)


def _streams(scenarios: Sequence[ScenarioResult]) -> Iterator[str]:
    rows = [(line(result.id), line(text, 400)) for result in scenarios for text in result.streams]
    width = min(max((len(name) for name, _ in rows), default=0), _COLUMN)
    return (f"{name:<{width}}  {text}" for name, text in rows)


def _table(scenarios: Sequence[ScenarioResult]) -> Iterator[str]:
    rows = [
        (
            result.status,
            line(result.id),
            line(result.endpoint),
            _count(result.attempts, "attempt"),
            _latency(result.latency),
        )
        for result in scenarios
    ]
    widths = [min(max(map(len, column)), _COLUMN) for column in zip(*rows, strict=True)]
    for row, result in zip(rows, scenarios, strict=True):
        cells = "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        yield (cells + (f"  {line(result.reason)}" if result.reason else "")).rstrip()


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _latency(latency: Mapping[str, float]) -> str:
    """The medians; a percentile of one or two calls would only look precise."""
    medians = [(line(name).removesuffix("_p50"), ms) for name, ms in sorted(latency.items()) if name.endswith("_p50")]
    return ", ".join(f"{name} {_duration(ms)}" for name, ms in medians[:4])


def _duration(ms: float) -> str:
    return f"{ms:.0f} ms" if ms < 10_000 else f"{ms / 1000:.1f} s"


def _facts(facts: Mapping[str, Json]) -> str:
    names = [name for name in _FACTS if name in facts] + sorted(set(facts).difference(_FACTS))
    return "  ".join(f"{line(name)} {line(_plain(facts[name]))}" for name in names if _plain(facts[name])) or "-"


def _plain(value: Json) -> str:
    """Text, figures and one level of names; what lies deeper is for the json report."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_scalar(part)}" for name, part in sorted(value.items()) if _scalar(part))
    return _scalar(value)


def _scalar(value: Json) -> str:
    if isinstance(value, str):
        return value
    # Python refuses to print an integer of thousands of digits.
    return str(value) if isinstance(value, int | float) and abs(value) < _HUGE else ""


def _painted(text: str) -> str:
    code = next((code for start, code in _COLOURS.items() if text.startswith(start)), None)
    return text if code is None else f"\x1b[{code}m{text}\x1b[0m"
