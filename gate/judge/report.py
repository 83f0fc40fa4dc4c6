"""Exchanges of both sides → Report. Pure: the same files give the same report, for `check` and for `diff`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from gate.judge.alike import alike_findings
from gate.judge.budgets import budget_findings, pooled
from gate.judge.caveats import changed_settings, several_changes, stale
from gate.judge.compare import Cell, compare
from gate.judge.depends_on import dependency_findings
from gate.judge.exercised import exercised
from gate.judge.pairing import attempts_of, observed, pair, stepped
from gate.judge.policy import decide
from gate.judge.served import named
from gate.judge.verdict import conclude
from gate.model import (
    Exchange,
    Exhibit,
    Finding,
    Json,
    Observation,
    Policy,
    Report,
    Samples,
    ScenarioResult,
    Severity,
    Status,
    Timing,
)
from gate.model.exhibits import Observed
from gate.model.sides import Side
from gate.observe.changes import passage_line
from gate.observe.stream_summary import stream_line
from gate.rules import rules
from gate.wire.timing import summary

Exhibitor = Callable[[Sequence[Observed], Sequence[Finding]], tuple[Exhibit, ...]]

_Observations = Mapping[str, tuple[Observation, ...]]
"""By scenario: the final attempt of each sample of each step."""


@dataclass(frozen=True, slots=True)
class _Scenario:
    """One scenario: its cells and its result. `unsent`: the candidate was not sent a later step, so the scenario is
    incomplete unless a finding of an earlier step explains it."""

    cells: tuple[Cell, ...]
    result: ScenarioResult
    unsent: bool = False


def judge(
    golden: Side,
    candidate: Side,
    policy: Policy,
    today: date,
    notes: Iterable[str] = (),
    known: Collection[str] = (),
    baseline: Mapping[str, Sequence[Exchange]] | None = None,
    *,
    exhibit: Exhibitor | None = None,
) -> Report:
    """Every scenario that either side knows, compared under the policy.

    Raises ConfigError for a policy that names what does not exist; `known` are scenarios that exist elsewhere, in a
    suite of which only a part is judged. `baseline` are exchanges of the baseline from the same minutes: latency is
    then compared with theirs, because the times in the goldens are of another day. `exhibit` makes the exhibits that
    some formats show (`gate.explain.exhibits`); it takes as long as all rules together.
    """
    beside = _observe(baseline or {})
    goldens = _timed(_observe(golden.exchanges), beside)
    # Before the scenarios are made, because a rejection belongs to the whole run and not to one of them.
    candidates = _rejections_once(_observe(candidate.exchanges), goldens, golden.facts)
    names = sorted({*goldens, *golden.states, *candidate.states})
    scenarios = [_scenario(name, golden, candidate, goldens, candidates) for name in names]
    cells = [cell for scenario in scenarios for cell in scenario.cells]
    drifted, crashes = compare(cells)
    drifted = named(drifted, cells)
    needed = dependency_findings(policy.depends_on, cells, drifted)
    slow, budget_notes = budget_findings(
        policy.budgets,
        _pooled(beside.values() if baseline else (cell.golden for cell in cells)),
        _pooled(cell.candidate for cell in cells),
    )
    existing = {*names, *golden.files, *known}
    # A shard judges a part of the suite: tolerances for the other parts match nothing there, and are no mistake.
    partly = names if {*known} - {*names} else None
    alike = alike_findings(cell for cell in cells if cell.golden and cell.candidate)
    findings, policy_notes = decide((*drifted, *alike, *needed, *slow), policy, today, rules(), existing, partly)
    unknown = [f"{name} has no golden and was not judged: record it" for name in sorted({*candidates} - {*names})]
    settings = changed_settings((cell.golden[0], cell.candidate[0]) for cell in cells)
    return conclude(
        Report(
            verdict="pass",
            golden=golden.facts,
            candidate=candidate.facts,
            scenarios=tuple(_settled(scenario, findings) for scenario in scenarios),
            findings=findings,
            crashes=crashes,
            notes=(*notes, *unknown, *stale(golden.facts, today, policy.stale_after), *policy_notes, *budget_notes),
            fail_on=policy.fail_on,
            lead=several_changes(golden.facts, candidate.facts, settings),
            exhibits=exhibit(_both_sides(golden, candidate, goldens, candidates, cells), findings) if exhibit else (),
        )
    )


# -- observations of both sides -----------------------------------------------------------------


def _observe(exchanges: Mapping[str, Sequence[Exchange]]) -> _Observations:
    return {name: observed(of_scenario) for name, of_scenario in exchanges.items()}


def _timed(goldens: _Observations, baseline: _Observations) -> _Observations:
    """The goldens with the times of the baseline's samples, step by step; those without a counterpart get none."""
    timed = dict(goldens)
    for name in goldens.keys() & baseline.keys():
        # An error of the baseline is fast, and would make every answer of the candidate look slow.
        times = {(other.step, other.sample): other.timing for other in baseline[name] if other.ok}
        timed[name] = tuple(replace(o, timing=times.get((o.step, o.sample), Timing())) for o in goldens[name])
    return timed


def _rejections_once(candidates: _Observations, goldens: _Observations, facts: Mapping[str, Json]) -> _Observations:
    """The candidates' observations, with each rejected parameter only in the first scenario that met it: requests in
    flight meet it again before the run has learned it. What the golden's route rejects too is left out."""
    stored = facts.get("rejected")
    known = {name for name in stored if isinstance(name, str)} if isinstance(stored, list) else set()
    known |= {name for golden in goldens.values() for observation in golden for name, _ in observation.rejected}
    once: dict[str, tuple[Observation, ...]] = {}
    for scenario, observations in sorted(candidates.items()):
        new = {name for observation in observations for name, _ in observation.rejected} - known
        known |= new
        once[scenario] = tuple(_only(observation, new) for observation in observations)
    return once


def _only(observation: Observation, names: Collection[str]) -> Observation:
    rejected = tuple(pair for pair in observation.rejected if pair[0] in names)
    return observation if rejected == observation.rejected else replace(observation, rejected=rejected)


def _pooled(groups: Iterable[Iterable[Observation]]) -> Mapping[str, float]:
    return pooled(observation.timing for group in groups for observation in group if observation.ok)


# -- one scenario -------------------------------------------------------------------------------


def _scenario(name: str, golden: Side, candidate: Side, goldens: _Observations, candidates: _Observations) -> _Scenario:
    golden_samples, candidate_samples = goldens.get(name, ()), candidates.get(name, ())
    down = [sample for sample in candidate_samples if sample.outage]
    pairs, unpaired = pair(golden_samples, tuple(sample for sample in candidate_samples if not sample.outage))
    twin = golden.twins.get(name, "")
    cells = tuple(
        Cell(
            name, step, _with_twin(of_golden, goldens.get(twin, ())), _with_twin(of_candidate, candidates.get(twin, ()))
        )
        for step, of_golden, of_candidate in pairs
        if of_candidate
    )
    status, reason = _state(candidate.states.get(name), golden_samples, candidate_samples, down, unpaired)
    if not golden_samples and name in golden.states:
        # Last, so that it also replaces what a candidate's file says of a scenario that has no golden.
        status, reason = "skipped", f"not recorded from the baseline: {golden.states[name][1]}"
    judged = [sample for cell in cells for sample in cell.candidate]
    result = ScenarioResult(
        id=name,
        endpoint=next((sample.endpoint for sample in (*golden_samples, *candidate_samples)), "unknown"),
        status=status,
        attempts=len(candidate.exchanges.get(name, ())),
        reason=reason,
        latency=summary(sample.timing for sample in judged),
        streams=tuple(stream_line(sample) for sample in judged if sample.form == "stream"),
        golden_file=golden.files.get(name, ""),
        upstream=tuple(passage_line(sample) for sample in judged if sample.passage),
        areas=exercised(golden_samples, candidate_samples),
    )
    by_step = stepped(golden_samples, candidate_samples)
    return _Scenario(cells, result, bool(unpaired and pairs) and not down and name not in candidate.states and by_step)


def _with_twin(samples: tuple[Observation, ...], twin: Sequence[Observation]) -> Samples:
    step = samples[0].step
    return Samples(samples, tuple(sample for sample in twin if sample.step == step and not sample.outage))


def _state(
    known: tuple[Status, str] | None,
    golden: Sequence[Observation],
    candidate: Sequence[Observation],
    down: Sequence[Observation],
    unpaired: int,
) -> tuple[Status, str]:
    """(status, reason) before any finding. `down` are the candidate's outages, `unpaired` counts golden requests."""
    if known:
        return known
    if not golden:
        return "skipped", "no golden: record it first"
    if not candidate:
        return "incomplete", "the candidate has no recording of it"
    # Its other samples are judged all the same: a finding there that fails the build still makes it drift.
    if down:
        return "incomplete", _lost(down, len(candidate))
    if unpaired:
        return "incomplete", f"{unpaired} of the golden's requests have no counterpart in the candidate's cassette"
    return "pass", ""


def _lost(down: Sequence[Observation], of: int) -> str:
    """Why `down` of so many exchanges can't be judged."""
    # a route that limits its rate has not failed: asked later or less often, it would have answered
    limited = all(observation.status == 429 for observation in down)
    if len(down) < of:
        part = f"{len(down)} of {of} exchanges " + ("met a rate limit" if limited else "failed")
    else:
        part = "the route enforces a rate limit" if limited else "the route failed"
    return f"{part}: {_failure(down[0])}"


def _failure(observation: Observation) -> str:
    """Why an exchange is not an answer, in words."""
    if observation.detail:
        return observation.detail
    if observation.status:
        return f"HTTP {observation.status} {observation.media_type}".strip()
    return str(observation.ending)


def _settled(scenario: _Scenario, findings: Iterable[Finding]) -> ScenarioResult:
    own = (finding for finding in findings if finding.scenario == scenario.result.id)
    # A call that the candidate did not make can't be answered by a tool's result: the step is unsent because of the
    # drift.
    explained = any(finding.severity > Severity.INFO or finding.policy != "default" for finding in own)
    return replace(scenario.result, status="pass", reason="") if scenario.unsent and explained else scenario.result


# -- exhibits -----------------------------------------------------------------------------------


def _both_sides(
    golden: Side, candidate: Side, goldens: _Observations, candidates: _Observations, cells: Iterable[Cell]
) -> tuple[Observed, ...]:
    """All final attempts of both sides, under the step of their cell."""
    steps = {id(sample): cell.step for cell in cells for group in (cell.golden, cell.candidate) for sample in group}
    return (*_observed("golden", golden, goldens, steps), *_observed("candidate", candidate, candidates, steps))


def _observed(
    name: Literal["golden", "candidate"], side: Side, observations: _Observations, steps: Mapping[int, int]
) -> Iterator[Observed]:
    """`steps` are those of the cells, by the identity of the observation."""
    for scenario, samples in observations.items():
        for attempts, sample in zip(attempts_of(side.exchanges[scenario]), samples, strict=True):
            yield Observed(name, scenario, steps.get(id(sample), sample.step), sample, attempts[-1], len(attempts))
