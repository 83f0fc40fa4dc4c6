"""Decided findings → status of each scenario, verdict, exit code, and the sentence that gives the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from gate.judge.order import by_scenario, order
from gate.model import Finding, Report, ScenarioResult, Severity, Status, Verdict
from gate.text.plural import count


def status_of(
    findings: Iterable[Finding],
    fail_on: Severity | None,
    *,
    crashed: bool = False,
    before: Status = "pass",
) -> Status:
    """The status of one scenario: `drift` if and only if an enforced finding reaches `fail_on`. Otherwise `before`,
    its status without findings, stays `incomplete` or `skipped`."""
    if any(fails(finding, fail_on) for finding in findings):
        return "drift"
    if crashed:
        return "incomplete"
    # A merged report's statuses are worked out again, perhaps under another fail_on.
    return "pass" if before == "drift" else before


def verdict(statuses: Iterable[Status]) -> Verdict:
    """`drift` outranks `incomplete` outranks `pass`; where nothing ran, nothing has passed."""
    # an incomplete scenario may hide drift, a drifting one hides nothing: so drift comes first
    seen = set(statuses)
    if "drift" in seen:
        return "drift"
    return "pass" if seen - {"skipped"} == {"pass"} else "incomplete"


def exit_code(report: Report) -> int:
    """0 pass, 1 drift, 2 a rule crashed, nothing ran or a golden is lacking, 3 incomplete; 2 outranks 1 outranks 3."""
    # A crash may hide drift, and a run of nothing proves nothing: both must be looked at before the verdict counts.
    if report.crashes or uncovered(report) or all(result.status == "skipped" for result in report.scenarios):
        return 2
    # the same for every format: a build must not pass because it asked for another report
    return {"pass": 0, "drift": 1, "incomplete": 3}[report.verdict]


def conclude(report: Report) -> Report:
    """The report with findings sorted, and with statuses, verdict and reason filled in.

    Statuses that are `incomplete` or `skipped` before stay so, unless a finding makes them `drift`. A finding that
    belongs to no listed scenario (a budget over all of them) counts for the verdict alone.
    """
    crashed = {crash.scenario for crash in report.crashes}
    groups = by_scenario(report.findings)
    scenarios = tuple(
        replace(
            result,
            status=status_of(
                groups.get(result.id, ()), report.fail_on, crashed=result.id in crashed, before=result.status
            ),
        )
        for result in report.scenarios
    )
    return _with_verdict(replace(report, scenarios=scenarios, findings=tuple(sorted(report.findings, key=order))))


def _with_verdict(report: Report) -> Report:
    statuses = [result.status for result in report.scenarios]
    # Findings of the whole run (a budget) belong to no listed scenario.
    if any(fails(finding, report.fail_on) for finding in report.findings):
        statuses.append("drift")
    elif report.crashes or uncovered(report):
        statuses.append("incomplete")
    return replace(report, verdict=verdict(statuses), reason=why(report))


def uncovered(report: Report) -> bool:
    """Whether scenarios of the suite have no golden, and fewer than `min_coverage` have one and were asked."""
    routes = {result.route for result in report.scenarios if result.unrecorded}
    if report.min_coverage is None:
        return bool(routes)
    # A shard sees a part of the suite: only `gate merge` can count.
    ran = Counter(result.route for result in _ran(report))
    return "shard" not in report.candidate and any(ran[route] < report.min_coverage for route in routes)


def _ran(report: Report) -> list[ScenarioResult]:
    """The scenarios that have a golden and were asked; whether the route answered is another question."""
    return [result for result in report.scenarios if result.status != "skipped" and not result.missing]


def fails(finding: Finding, fail_on: Severity | None) -> bool:
    """Whether the finding turns its scenario to `drift`: enforced, and as bad as `fail_on` or worse."""
    return fail_on is not None and finding.outcome == "enforced" and finding.severity >= fail_on


# chosen: the sentence stays on one line of a terminal.
_NAMED = 3  # missing shards that the sentence names


def why(report: Report) -> str:
    """One sentence: what drifted, crashed or could not be judged; otherwise that all passed, and what was tolerated."""
    missing = [result for result in report.scenarios if result.missing]
    ran = _ran(report)
    if not ran and not missing:
        return "no scenario ran, so nothing was judged"
    bad = [finding for finding in report.findings if fails(finding, report.fail_on)]
    open_ = [result for result in ran if result.status == "incomplete"]
    parts = [_drift(bad, [result.id for result in ran])] if bad else []
    if report.crashes:
        cells = count(len(report.crashes), "cell")
        parts.append(f"{cells} crashed, a bug of the gate: first {report.crashes[0].rule}")
    if open_:
        parts.append(_incomplete(open_, len(ran)))
    parts += [result.reason for result in missing[:_NAMED]]
    if len(missing) > _NAMED:
        parts.append(f"{len(missing) - _NAMED} more shards or routes are missing")
    without = sum(result.unrecorded for result in report.scenarios)
    if uncovered(report):
        return "; ".join([*parts, uncovered_words(without, len(ran), report.min_coverage)])
    if parts and without:
        parts.append(f"{without} have no golden")
    return "; ".join(parts) if parts else _calm(report, len(ran), without)


def uncovered_words(without: int, ran: int, least: int | None) -> str:
    """What to do where `without` scenarios have no golden, beside `ran` that have one; `least` is `min_coverage`."""
    bar = "" if least is None else f", and min_coverage is {least}"
    way_out = f"run `gate record`, or write `policy: {{min_coverage: {ran}}}` if it is meant"
    return f"{without_words(without, ran)}{bar}: {way_out}"


def _drift(bad: Sequence[Finding], ran: Sequence[str]) -> str:
    # a budget over the whole run belongs to no scenario
    hit = {finding.scenario for finding in bad}.intersection(ran)
    where = f"in {len(hit)} of {count(len(ran), 'scenario')}" if hit else "over the whole run"
    return f"{_counted(bad)} {where}; {_first(bad)}"


def _counted(findings: Sequence[Finding]) -> str:
    """`2 breaking and 1 risky findings`."""
    words = [
        f"{sum(finding.severity == severity for finding in findings)} {severity.word}"
        for severity in sorted({finding.severity for finding in findings}, reverse=True)
    ]
    return f"{' and '.join(words)} {'finding' if len(findings) == 1 else 'findings'}"


def _first(findings: Sequence[Finding]) -> str:
    # findings are sorted, so of several equally bad ones this is the first to fix
    worst = max(findings, key=lambda finding: finding.severity)
    return f"first {worst.rule} in {worst.scenario}"


def _incomplete(open_: Sequence[ScenarioResult], ran: int) -> str:
    reason = next((f": {result.reason}" for result in open_ if result.reason), "")
    return f"{len(open_)} of {count(ran, 'scenario')} could not be judged{reason}"


def without_words(without: int, ran: int) -> str:
    """How many scenarios have no golden, beside `ran` that have one."""
    return f"{without} of {count(ran + without, 'scenario')} {'has' if without == 1 else 'have'} no golden"


def _calm(report: Report, ran: int, without: int) -> str:
    enforced = [finding for finding in report.findings if finding.outcome == "enforced"]
    loud = [finding for finding in enforced if finding.severity > Severity.INFO]
    mute = report.fail_on is None
    counts = [
        (sum(result.status == "skipped" and not result.unrecorded for result in report.scenarios), "skipped"),
        # With `fail_on: never` nothing is below it: the words must not suggest that there was a bar.
        (len(enforced) - len(loud), "info") if mute else (len(enforced), "below fail_on"),
        (sum(finding.outcome == "tolerated" for finding in report.findings), "tolerated"),
        (sum(finding.outcome == "off" for finding in report.findings), "switched off"),
    ]
    rest = ", ".join(f"{number} {word}" for number, word in counts if number)
    words = f"{count(ran, 'scenario')} kept the golden's contract"
    if without:
        words = f"{ran} of {ran + without} scenarios; {without} {'has' if without == 1 else 'have'} no golden"
    if mute and loud:  # the contract was not kept, and the build goes on all the same
        does = "it does" if len(loud) == 1 else "they do"
        kept = f"; {without_words(without, ran)}" if without else ""
        words = f"{_counted(loud)}; {does} not fail the build; {_first(loud)}{kept}"
    return words + (f" ({rest})" if rest else "")
