"""Rules × cells → findings. A rule that raises is reported as a crash; the run goes on."""

from __future__ import annotations

import functools
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from gate.judge.fingerprint import fingerprint
from gate.judge.order import order
from gate.model import Comparison, Crash, Drift, Finding, Location, Observation, Rule, Samples, Severity
from gate.observe.alignment import aligned
from gate.rules import rules as all_rules
from gate.wire.shape import indexless


@dataclass(frozen=True, slots=True)
class Cell:
    """One step of one scenario: the samples of both sides."""

    scenario: str
    step: int
    golden: Samples
    candidate: Samples

    @property
    def endpoint(self) -> str:
        """The endpoint of the first golden sample; all samples of a cell have the same."""
        return self.golden[0].endpoint


@dataclass(frozen=True, slots=True)
class Compared:
    """What the rules say. `suspected` are scenarios of which more samples are needed: a rule marked a drift so."""

    findings: tuple[Finding, ...]
    crashes: tuple[Crash, ...]
    suspected: frozenset[str]


def compare(
    cells: Iterable[Cell], rules: Mapping[str, Rule] | None = None
) -> tuple[tuple[Finding, ...], tuple[Crash, ...]]:
    """The findings and crashes of `compared`."""
    found = compared(cells, rules)
    return found.findings, found.crashes


def compared(cells: Iterable[Cell], rules: Mapping[str, Rule] | None = None) -> Compared:
    """Runs every rule (or `rules`) on every cell that has samples on both sides; findings in the order of fixing."""
    scopes = _all_by_scope() if rules is None else _by_scope(rules.values())
    findings: list[Finding] = []
    crashes: list[Crash] = []
    suspected: set[str] = set()
    for cell in cells:
        # Without samples on one side there is nothing to compare: `report` calls such a scenario incomplete or skipped.
        if not (len(cell.golden) and len(cell.candidate)):
            continue
        comparison = aligned(cell.golden, cell.candidate)
        absent = {fact for samples in (cell.golden, cell.candidate) for sample in samples for fact in sample.absent}
        asked: list[Rule] = []
        for where, group in scopes:
            try:
                if where is None or where(comparison):
                    asked += group
            # as for a rule that raises: a scope with a bug costs the rules that it is for
            except Exception:
                trace = traceback.format_exc(limit=-6)
                crashes += (Crash(rule.id, cell.scenario, cell.step, trace) for rule in group)
        for rule in asked:
            if absent and not absent.isdisjoint(rule.needs):
                continue
            try:
                if drifts := list(rule.check(comparison)):
                    findings += _findings(rule, cell, [drift for drift in drifts if not drift.suspicion])
                    if any(_costs(rule, drift) for drift in drifts):
                        suspected.add(cell.scenario)
            # One rule with a bug must not void the verdict of all others (an audit tool that stops at the first crash
            # judges nothing). Six frames name the rule's line; the frames above them are always the same.
            except Exception:
                crashes.append(Crash(rule.id, cell.scenario, cell.step, traceback.format_exc(limit=-6)))
    return Compared(tuple(sorted(findings, key=order)), tuple(crashes), frozenset(suspected))


_Scope = Callable[[Comparison], bool]
_ByScope = tuple[tuple[_Scope | None, tuple[Rule, ...]], ...]


def _by_scope(rules: Iterable[Rule]) -> _ByScope:
    """The rules, grouped by what a comparison must have: most have no vectors, no transcripts and no failure."""
    groups: dict[_Scope | None, list[Rule]] = defaultdict(list)
    for rule in rules:
        groups[rule.where].append(rule)
    return tuple((where, tuple(group)) for where, group in groups.items())


@functools.cache
def _all_by_scope() -> _ByScope:
    return _by_scope(all_rules().values())


def _costs(rule: Rule, drift: Drift) -> bool:
    """Whether a drift is a suspicion that is worth requests; what is only info never is."""
    return drift.suspicion and (drift.severity or rule.severity) > Severity.INFO


def _findings(rule: Rule, cell: Cell, drifts: list[Drift]) -> list[Finding]:
    """One finding for all drifts of a rule at one path without indexes: the worst, with the count of samples."""
    by_path: dict[str, list[Drift]] = defaultdict(list)
    for drift in drifts:
        by_path[indexless(drift.path)].append(drift)
    return [_finding(rule, cell, group) for group in by_path.values()]


def _finding(rule: Rule, cell: Cell, drifts: list[Drift]) -> Finding:
    worst = max(drifts, key=lambda drift: drift.severity or rule.severity)
    total = len(cell.candidate)
    # A drift without a sample is one of the whole group, such as a status that no sample has any more.
    hits = total if any(drift.sample is None for drift in drifts) else len({drift.sample for drift in drifts})
    observation = cell.candidate[worst.sample or 0]
    return Finding(
        rule=rule.id,
        area=worst.area or rule.area,
        severity=worst.severity or rule.severity,
        endpoint=cell.endpoint,
        scenario=cell.scenario,
        step=cell.step,
        path=worst.path,
        message=worst.message,
        golden=worst.golden,
        candidate=worst.candidate,
        hits=hits,
        samples=total,
        fingerprint=fingerprint(rule.id, cell.endpoint, cell.scenario, cell.step, worst.path),
        location=_location(observation, worst),
        hint=worst.hint or rule.hint,
        who_breaks=worst.who_breaks or rule.who_breaks,
        golden_location=cell.golden[0].location,
        request_id=observation.request_id,
        # OpenAI's name of the request id; a team's support case and the gateway's log refer to it.
        remote_id=observation.headers.get("x-request-id", ""),
    )


def _location(observation: Observation, drift: Drift) -> Location:
    """The place in the candidate's answer; the byte of a frame is where it starts, for every format the same."""
    byte = drift.byte
    if byte is None and drift.frame is not None and drift.frame < len(observation.events):
        byte = observation.events[drift.frame].frame.start
    return Location(observation.location.file, observation.location.line, drift.frame, byte)
