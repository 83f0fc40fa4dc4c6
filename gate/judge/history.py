"""A report against that of the base, such as the base branch's: what is new, still there or fixed, and how often. Pure.

The verdict stays what it is: a finding that the base has too breaks its clients all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gate.errors import ConfigError
from gate.judge.served import UNANSWERED
from gate.model import About, Finding, History, Report, Severity, Since, Tally

# chosen: no run count comes near; a stranger's report must not make the next one unreadable.
_MOST = 1_000_000
_RULES = 1000  # as gate/store/report.schema.json has it
_ABOUT: Mapping[About, str] = {
    "route": "a route",
    "sdk": "versions of an SDK",
    "app": "a client of your own",
    "drifts": "the drifts that goldens catch",
}


@dataclass(frozen=True, slots=True)
class _Ground:
    """Of what a report can say that something is not there."""

    listed: frozenset[str]
    judged: frozenset[str]
    unanswered: frozenset[tuple[str, int]]
    crashed: frozenset[tuple[str, str, int]]

    def covers(self, finding: Finding, other: _Ground) -> bool:
        """Whether the report would have told a finding of the other one."""
        # a budget over the whole run belongs to no listed scenario
        whole = finding.scenario not in self.listed | other.listed
        there = bool(self.judged) if whole else finding.scenario in self.judged
        # an error hides whatever the answer would have shown
        told = finding.rule in UNANSWERED or (finding.scenario, finding.step) not in self.unanswered
        return there and told and (finding.rule, finding.scenario, finding.step) not in self.crashed


def since(report: Report, base: Report, where: str) -> Report:
    """The report with what changed since `base`, which is read from `where`, and with the alarms of both counted.

    Findings are the same where their fingerprints are, and in a merged report their routes. Raises ConfigError for a
    base that is about something else.
    """
    refuse_other(base, report.about, _several(report), where)
    here, there = _ground(report), _ground(base)
    before = {_key(finding): finding for finding in reversed(base.findings)}
    now = {_key(finding) for finding in report.findings}
    gone = [finding for finding in base.findings if _key(finding) not in now and loud(finding)]
    fixed = tuple(finding for finding in gone if here.covers(finding, there))
    marked = (replace(f, since=_since(f, before.get(_key(f)), known=there.covers(f, here))) for f in report.findings)
    return replace(
        report,
        findings=tuple(marked),
        history=History(base.candidate, tuple(replace(f, since="") for f in fixed), len(gone) - len(fixed)),
        tally=_sum(base.tally or _tally(base), _tally(report)),
    )


def refuse_other(base: Report, about: About, several: bool, where: str) -> None:
    """ConfigError where a base can't be compared with a report about `about`, over several routes or one."""
    words = _words(about, several), _words(base.about, _several(base))
    if words[0] != words[1]:
        what = f"the base is a report on {words[1]}, and this one is on {words[0]}"
        raise ConfigError(what, where=where, fix="give the report of the same command, from before the change")


def loud(finding: Finding) -> bool:
    """Whether a finding counts as an alarm, if only a tolerated one."""
    return finding.outcome != "off" and finding.severity > Severity.INFO


def _words(about: About, several: bool) -> str:
    return f"{_ABOUT[about]}, merged over several" if several else _ABOUT[about]


def _several(report: Report) -> bool:
    return any(result.route for result in report.scenarios)


def _ground(report: Report) -> _Ground:
    return _Ground(
        frozenset(result.id for result in report.scenarios),
        frozenset(result.id for result in report.scenarios if result.status in ("pass", "drift")),
        frozenset((f.scenario, f.step) for f in report.findings if f.rule in UNANSWERED),
        frozenset((crash.rule, crash.scenario, crash.step) for crash in report.crashes),
    )


def _key(finding: Finding) -> tuple[str, str]:
    return finding.route, finding.fingerprint


def _since(finding: Finding, before: Finding | None, *, known: bool) -> Since:
    if before is None:
        return "new" if known else ""
    # a tolerance that has ended fails the build, as what is new does
    fails = finding.outcome == "enforced" != before.outcome
    return "worse" if finding.severity > before.severity or fails else "still"


def _tally(report: Report) -> Tally:
    """The alarms of this run alone; of none where nothing was judged."""
    if not _ground(report).judged:
        return Tally(0, 0, 0, {})
    alarms = [f for f in report.findings if f.outcome == "enforced" and loud(f)]
    breaking = any(finding.severity is Severity.BREAKING for finding in alarms)
    return Tally(1, int(breaking), int(bool(alarms)), {finding.rule: 1 for finding in alarms})


def _sum(before: Tally, now: Tally) -> Tally:
    def both(one: int, other: int) -> int:
        return min(one + other, _MOST)

    # those of now first: a base that names more than a report may hold is a stranger's
    rules = sorted(sorted({*before.alarms, *now.alarms}, key=lambda rule: (rule not in now.alarms, rule))[:_RULES])
    return Tally(
        both(before.runs, now.runs),
        both(before.breaking, now.breaking),
        both(before.risky, now.risky),
        {rule: both(before.alarms.get(rule, 0), now.alarms.get(rule, 0)) for rule in rules},
    )
