"""The sentence under a verdict that says why."""

from __future__ import annotations

from collections.abc import Sequence

from gate.model import Finding, Report, ScenarioResult
from gate.reports.words.headlines import fails

_NAMED = 3  # missing shards that the sentence names


def why(report: Report) -> str:
    """One sentence: what drifted, what crashed, what could not be judged; or that all is well, and what it hides."""
    missing = [result for result in report.scenarios if result.missing]
    ran = [result for result in report.scenarios if result.status != "skipped" and not result.missing]
    if not ran and not missing:
        return "no scenario ran, so nothing was judged"
    bad = [finding for finding in report.findings if fails(finding, report.fail_on)]
    open_ = [result for result in ran if result.status == "incomplete"]
    parts = [_drift(bad, [result.id for result in ran])] if bad else []
    if report.crashes:
        cells = _count(len(report.crashes), "cell")
        parts.append(f"{cells} crashed, a bug of the gate: first {report.crashes[0].rule}")
    if open_:
        parts.append(_incomplete(open_, len(ran)))
    parts += [result.reason for result in missing[:_NAMED]]
    if len(missing) > _NAMED:
        parts.append(f"{len(missing) - _NAMED} more shards or routes are missing")
    return "; ".join(parts) if parts else _calm(report, len(ran))


def _drift(bad: Sequence[Finding], ran: Sequence[str]) -> str:
    words = [
        f"{sum(finding.severity == severity for finding in bad)} {severity.word}"
        for severity in sorted({finding.severity for finding in bad}, reverse=True)
    ]
    things = "finding" if len(bad) == 1 else "findings"
    # A budget over the whole run belongs to no scenario.
    hit = {finding.scenario for finding in bad}.intersection(ran)
    where = f"in {len(hit)} of {_count(len(ran), 'scenario')}" if hit else "over the whole run"
    # Findings come sorted, so of several equally bad ones this is the first to fix.
    worst = max(bad, key=lambda finding: finding.severity)
    return f"{' and '.join(words)} {things} {where}; first {worst.rule} in {worst.scenario}"


def _incomplete(open_: Sequence[ScenarioResult], ran: int) -> str:
    reason = next((f": {result.reason}" for result in open_ if result.reason), "")
    return f"{len(open_)} of {_count(ran, 'scenario')} could not be judged{reason}"


def _calm(report: Report, ran: int) -> str:
    never = "that would not fail any build" if report.fail_on is None else "below fail_on"
    counts = [
        (sum(result.status == "skipped" for result in report.scenarios), "skipped"),
        (sum(finding.outcome == "enforced" for finding in report.findings), never),
        (sum(finding.outcome == "tolerated" for finding in report.findings), "tolerated"),
        (sum(finding.outcome == "off" for finding in report.findings), "switched off"),
    ]
    rest = ", ".join(f"{number} {word}" for number, word in counts if number)
    return f"{_count(ran, 'scenario')} kept the golden's contract" + (f" ({rest})" if rest else "")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
