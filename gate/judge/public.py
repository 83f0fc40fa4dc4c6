"""What a report shows of exchanges that others recorded: nothing that our own recorder would not have stored. Pure.

They are judged as they are, because a mask may hide a drift or make one. What is shown comes from the same judgement
over masked copies, in which ids, vectors and log probabilities are still told apart from secrets; where that finds
something else, the words of the finding are searched instead.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from gate.model import Exchange, Finding, Report, ScenarioResult
from gate.model.sides import Side
from gate.redact.scrub import Scrubber


def told(report: Report, golden: Side) -> set[str]:
    """The scenarios of which the report shows values, and their twins."""
    # findings of the whole run are about figures
    names = {finding.scenario for finding in report.findings} | {crash.scenario for crash in report.crashes}
    names |= {result.id for result in report.scenarios if result.reason} | {shown.scenario for shown in report.exhibits}
    return names | {golden.twins[name] for name in names & golden.twins.keys()}


def masked(side: Side, names: Collection[str], scrubber: Scrubber) -> Side:
    """The side with these scenarios' foreign exchanges masked; the very same where there was nothing to mask."""
    clean = {name: _masked(side.exchanges[name], scrubber) for name in names if name in side.exchanges}
    changed = {name: exchanges for name, exchanges in clean.items() if exchanges}
    return replace(side, exchanges={**side.exchanges, **changed}) if changed else side


def _masked(exchanges: Sequence[Exchange], scrubber: Scrubber) -> tuple[Exchange, ...]:
    """The exchanges masked; none where there was nothing to mask."""
    # our own recorder masks before it stores, and names the scenario
    clean = [exchange if exchange.scenario else scrubber.scrub(exchange) for exchange in exchanges]
    changed = any(old != new for old, new in zip(exchanges, clean, strict=True))
    return tuple(clean) if changed else ()


def retold(report: Report, shown: Report, scrubber: Scrubber) -> Report:
    """The report in the words of `shown`, which was made of masked exchanges; what it says of drifts stays."""
    found = {finding.fingerprint: finding for finding in shown.findings}
    results = {result.id: result for result in shown.scenarios}
    return replace(
        report,
        findings=tuple(_finding(finding, found.get(finding.fingerprint), scrubber) for finding in report.findings),
        scenarios=tuple(_result(result, results.get(result.id), scrubber) for result in report.scenarios),
        crashes=tuple(replace(crash, traceback=scrubber.text(crash.traceback)) for crash in report.crashes),
        notes=tuple(scrubber.text(note, "codes") for note in report.notes),
        reason=scrubber.text(report.reason, "codes"),
        lead=scrubber.text(report.lead, "codes"),
        exhibits=shown.exhibits,
    )


def _finding(finding: Finding, shown: Finding | None, scrubber: Scrubber) -> Finding:
    words = shown or _searched(finding, scrubber)
    return replace(
        finding,
        path=words.path,
        message=words.message,
        golden=words.golden,
        candidate=words.candidate,
        hint=words.hint,
        who_breaks=words.who_breaks,
        remote_id=words.remote_id,
    )


def _searched(finding: Finding, scrubber: Scrubber) -> Finding:
    return replace(
        finding,
        path=scrubber.text(finding.path),
        message=scrubber.text(finding.message),
        golden=scrubber.text(finding.golden),
        candidate=scrubber.text(finding.candidate),
    )


def _result(result: ScenarioResult, shown: ScenarioResult | None, scrubber: Scrubber) -> ScenarioResult:
    same = shown is not None and shown.status == result.status
    reason = shown.reason if shown and same else scrubber.text(result.reason)
    return replace(result, reason=reason, streams=shown.streams if shown else ())
