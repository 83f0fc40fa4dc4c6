"""Exchanges of both sides → Report. Pure: the same files give the same report, for `check` and for `diff`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from gate.endpoints import GENERAL
from gate.judge import public
from gate.judge.alike import alike_findings, failing
from gate.judge.budgets import budget_findings, pooled
from gate.judge.caveats import changed_settings, several_changes, stale
from gate.judge.chance import Tried, at_random, tried, undecided, whole
from gate.judge.clients import untold, weighed
from gate.judge.compare import Cell, compared
from gate.judge.depends_on import dependency_findings
from gate.judge.exercised import exercised, judged_by
from gate.judge.measures import measures
from gate.judge.observations import Observations, exhibited
from gate.judge.order import order
from gate.judge.pairing import Pairs, attempts_of, pair, rejected, stepped
from gate.judge.policy import decide
from gate.judge.served import Served, named, served
from gate.judge.verdict import conclude
from gate.model import (
    Crash,
    Exchange,
    Exhibit,
    Finding,
    Observation,
    Policy,
    Report,
    Rule,
    Samples,
    ScenarioResult,
    Severity,
    Status,
    Timing,
)
from gate.model.exhibits import Observed
from gate.model.sides import Side
from gate.observe.changes import passage_lines
from gate.observe.limits import held_back
from gate.observe.stream_summary import stream_line
from gate.redact.scrub import Scrubber
from gate.rules import rules
from gate.wire.timing import summary

Exhibitor = Callable[[Sequence[Observed], Sequence[Finding], Mapping[str, str]], tuple[Exhibit, ...]]


_SCRUBBER = Scrubber()


@dataclass(frozen=True, slots=True)
class _Sides:
    """What is judged, and the observations of it; `baseline` was measured in the same minutes."""

    golden: Side
    candidate: Side
    goldens: Observations
    candidates: Observations
    baseline: Observations


@dataclass(frozen=True, slots=True)
class _Scenario:
    """One scenario judged: what is left of it when its observations are dropped. `unsent`: the candidate was not sent
    a later step, so the scenario is incomplete unless a finding of an earlier step explains it. `suspected`: further
    samples would tell more."""

    result: ScenarioResult
    findings: tuple[Finding, ...]
    crashes: tuple[Crash, ...]
    needed: tuple[Finding, ...]
    cells: tuple[Served, ...]
    failing: tuple[Cell, ...]
    settings: tuple[str, ...]
    timings: tuple[tuple[Timing, ...], tuple[Timing, ...]]
    observed: tuple[Observed, ...]
    unsent: bool
    tried: tuple[Tried, ...]
    suspected: bool


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
    scrubber: Scrubber = _SCRUBBER,
    chosen: Mapping[str, Rule] | None = None,
) -> Report:
    """Every scenario that either side knows, compared under the policy.

    Raises ConfigError for a policy that names what does not exist; `known` are scenarios that exist elsewhere, in a
    suite of which only a part is judged. `baseline` are exchanges of the baseline from the same minutes: latency is
    then compared with theirs, because the times in the goldens are of another day. `exhibit` makes the exhibits that
    some formats show (`gate.explain.exhibits`); it takes as long as all rules together. `scrubber` masks what is shown
    of exchanges that others recorded. `chosen` are the rules that are asked, where not all are.
    """

    def over(golden: Side, candidate: Side) -> Report:
        return _judged(golden, candidate, policy, today, tuple(notes), known, baseline, exhibit, chosen)

    report = over(golden, candidate)
    names = public.told(report, golden)
    shown = public.masked(golden, names, scrubber), public.masked(candidate, names, scrubber)
    # nothing to mask is the rule, and costs no second judgement
    untouched = shown[0] is golden and shown[1] is candidate
    return report if untouched else public.retold(report, over(*shown), scrubber)


def _judged(
    golden: Side,
    candidate: Side,
    policy: Policy,
    today: date,
    notes: Sequence[str],
    known: Collection[str],
    baseline: Mapping[str, Sequence[Exchange]] | None,
    exhibit: Exhibitor | None,
    chosen: Mapping[str, Rule] | None,
) -> Report:
    sides = _sides(golden, candidate, baseline)
    names = sorted({*golden.exchanges, *golden.states, *candidate.states})
    # One after the other: all observations of a run take ten times its bytes.
    scenarios = [_scenario(name, sides, policy, chosen, shown=exhibit is not None) for name in names]
    cells = [cell for scenario in scenarios for cell in scenario.cells]
    drifted = sorted(named((f for scenario in scenarios for f in scenario.findings), cells), key=order)
    needed = [finding for scenario in scenarios for finding in scenario.needed]
    slow, budget_notes = _slow(policy, scenarios, sides.baseline)
    existing = {*names, *golden.files, *known}
    # A shard judges a part of the suite: tolerances for the other parts match nothing there, and are no mistake.
    partly = names if {*known} - {*names} else None
    steps = [step for scenario in scenarios for step in scenario.tried]
    unsure = undecided(steps)
    told = [finding for finding in (*drifted, *needed) if (finding.scenario, finding.step) not in unsure]
    alike = alike_findings(cell for scenario in scenarios for cell in scenario.failing)
    decided, policy_notes = decide((*told, *alike, *slow, *at_random(steps)), policy, today, rules(), existing, partly)
    findings = untold(decided)
    unknown = [
        f"{name} has no golden and was not judged: record it" for name in sorted({*candidate.exchanges} - {*names})
    ]
    settings = sorted({setting for scenario in scenarios for setting in scenario.settings})
    return conclude(
        Report(
            verdict="pass",
            golden=golden.facts,
            candidate=candidate.facts,
            scenarios=tuple(_settled(scenario, findings, unsure) for scenario in scenarios),
            findings=findings,
            crashes=tuple(crash for scenario in scenarios for crash in scenario.crashes),
            notes=(*notes, *unknown, *stale(golden.facts, today, policy.stale_after), *policy_notes, *budget_notes),
            fail_on=policy.fail_on,
            min_coverage=policy.min_coverage,
            rules_url=policy.rules_url,
            lead=several_changes(golden.facts, candidate.facts, settings),
            exhibits=exhibit(_all_observed(scenarios, sides), findings, _variables(candidate)) if exhibit else (),
            suspected=frozenset(scenario.result.id for scenario in scenarios if scenario.suspected),
        )
    )


# -- observations of both sides -----------------------------------------------------------------


def _sides(golden: Side, candidate: Side, baseline: Mapping[str, Sequence[Exchange]] | None) -> _Sides:
    beside, news = Observations(baseline or {}), _news(golden, candidate)
    return _Sides(
        golden,
        candidate,
        Observations(golden.exchanges, lambda name, group: _timed(group, beside.of(name), name in beside.exchanges)),
        Observations(candidate.exchanges, lambda name, group: tuple(_only(o, news.get(name, ())) for o in group)),
        beside,
    )


def _timed(golden: tuple[Observation, ...], baseline: Iterable[Observation], measured: bool) -> tuple[Observation, ...]:
    """The goldens with the times of the baseline's samples, step by step; those without a counterpart get none."""
    if not measured:
        return golden
    # An error of the baseline is fast, and would make every answer of the candidate look slow.
    times = {(other.step, other.sample): other.timing for other in baseline if other.ok}
    return tuple(replace(o, timing=times.get((o.step, o.sample), Timing())) for o in golden)


def _news(golden: Side, candidate: Side) -> dict[str, set[str]]:
    """By scenario the rejected parameters that no earlier one has met: requests in flight meet one again before the run
    has learned it, and a rejection belongs to the whole run. What the golden's route rejects too is left out."""
    stored = golden.facts.get("rejected")
    known = {name for name in stored if isinstance(name, str)} if isinstance(stored, list) else set()
    known |= {name for exchanges in golden.exchanges.values() for name in _refused(exchanges)}
    news: dict[str, set[str]] = {}
    for scenario, exchanges in sorted(candidate.exchanges.items()):
        news[scenario] = _refused(exchanges) - known
        known |= news[scenario]
    return news


def _refused(exchanges: Sequence[Exchange]) -> set[str]:
    return {name for attempts in attempts_of(exchanges) for name, _ in rejected(attempts)}


def _only(observation: Observation, names: Collection[str]) -> Observation:
    kept = tuple(pair for pair in observation.rejected if pair[0] in names)
    return observation if kept == observation.rejected else replace(observation, rejected=kept)


# -- budgets ------------------------------------------------------------------------------------


def _slow(
    policy: Policy, scenarios: Sequence[_Scenario], baseline: Observations
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """(findings, notes) of the latency budgets, which are over all scenarios."""
    if not policy.budgets:
        return (), ()
    golden = [timing for scenario in scenarios for timing in scenario.timings[0]]
    if baseline.exchanges:
        golden = [timing for name in baseline.exchanges for timing in _timings(baseline.of(name), policy)]
    candidate = [timing for scenario in scenarios for timing in scenario.timings[1]]
    return budget_findings(policy.budgets, pooled(golden), pooled(candidate))


def _timings(samples: Iterable[Observation], policy: Policy) -> tuple[Timing, ...]:
    """The times that a budget needs; one stream has thousands of gaps."""
    if not policy.budgets:
        return ()
    gaps = any(budget.figure.startswith("gap") for budget in policy.budgets)
    return tuple(sample.timing if gaps else replace(sample.timing, gaps=()) for sample in samples if sample.ok)


# -- one scenario -------------------------------------------------------------------------------


def _scenario(name: str, sides: _Sides, policy: Policy, chosen: Mapping[str, Rule] | None, *, shown: bool) -> _Scenario:
    golden, candidate = sides.golden, sides.candidate
    golden_samples, candidate_samples = sides.goldens.of(name), sides.candidates.of(name)
    down = [sample for sample in candidate_samples if sample.outage]
    pairs, unpaired = pair(golden_samples, tuple(sample for sample in candidate_samples if not sample.outage))
    cells = _cells(name, pairs, sides)
    status, reason = _state(candidate.states.get(name), golden_samples, candidate_samples, down, unpaired)
    if not golden_samples and name in golden.states:
        # Last, so that it also replaces what a candidate's file says of a scenario that has no golden.
        status, reason = "skipped", f"not recorded from the baseline: {golden.states[name][1]}"
    judged = [sample for cell in cells for sample in cell.candidate]
    result = ScenarioResult(
        id=name,
        endpoint=_endpoint((*golden_samples, *candidate_samples)),
        status=status,
        attempts=len(candidate.exchanges.get(name, ())),
        reason=reason,
        latency=summary(sample.timing for sample in judged),
        streams=tuple(stream_line(sample) for sample in judged if sample.form == "stream"),
        golden_file=golden.files.get(name, ""),
        upstream=passage_lines(judged),
        measures=tuple(measures(cells, golden_samples, candidate_samples, _tries(name, golden, candidate))),
        areas=exercised(golden_samples, candidate_samples) if chosen is None else judged_by(chosen.values()),
        unrecorded=name in candidate.unrecorded and name not in golden.states and not golden_samples,
    )
    found = compared(cells, chosen)
    steps = _tried(name, pairs, candidate, candidate_samples)
    by_step = stepped(golden_samples, candidate_samples)
    findings = weighed(found.findings, cells)
    return _Scenario(
        result,
        findings,
        found.crashes,
        needed=tuple(dependency_findings(policy.depends_on, cells, findings)),
        cells=tuple(map(served, cells)),
        failing=failing(cells),
        settings=changed_settings((cell.golden[0], cell.candidate[0]) for cell in cells),
        timings=(
            _timings((sample for cell in cells for sample in cell.golden), policy),
            _timings(judged, policy),
        ),
        observed=_observed(name, sides, golden_samples, candidate_samples, cells) if shown else (),
        unsent=bool(unpaired and pairs) and not down and name not in candidate.states and by_step,
        tried=steps,
        # where every sample failed, the next one may come through
        suspected=bool(found.suspected) or not all(step.came for step in steps),
    )


def _tries(name: str, *sides: Side) -> list[tuple[tuple[Exchange, ...], ...]]:
    return [attempts_of(side.exchanges.get(name, ())) for side in sides]


def _cells(name: str, pairs: Pairs, sides: _Sides) -> tuple[Cell, ...]:
    found = [(step, golden, candidate) for step, golden, candidate in pairs if candidate]
    twin = sides.golden.twins.get(name, "") if found else ""
    of_golden, of_candidate = (side.of(twin) if twin else () for side in (sides.goldens, sides.candidates))
    return tuple(
        Cell(name, step, _with_twin(golden, of_golden), _with_twin(whole(golden, candidate), of_candidate))
        for step, golden, candidate in found
    )


def _tried(name: str, pairs: Pairs, side: Side, samples: Sequence[Observation]) -> tuple[Tried, ...]:
    groups = attempts_of(side.exchanges.get(name, ()))
    attempts = {id(sample): group for group, sample in zip(groups, samples, strict=True)}
    return tuple(tried(name, step, golden, candidate, attempts) for step, golden, candidate in pairs if candidate)


def _endpoint(samples: Sequence[Observation]) -> str:
    """The API operation of a scenario: of its first call of one, since a recorder may have met telemetry before it."""
    return next((sample.endpoint for sample in samples if sample.endpoint != GENERAL.name), GENERAL.name)


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
    if all(held_back(observation.status, observation.text) for observation in down):
        some, every = "met an open breaker or a cooldown", "the gateway holds requests back (a breaker or a cooldown)"
    elif all(observation.status == 429 for observation in down):
        some, every = "met a rate limit", "the route enforces a rate limit"
    else:
        some, every = "failed", "the route failed"
    part = f"{len(down)} of {of} exchanges {some}" if len(down) < of else every
    return f"{part}: {_failure(down[0])}"


def _failure(observation: Observation) -> str:
    """Why an exchange is not an answer, in words."""
    if observation.detail:
        return observation.detail
    if observation.status:
        return f"HTTP {observation.status} {observation.media_type}".strip()
    return str(observation.ending)


def _settled(scenario: _Scenario, findings: Iterable[Finding], unsure: Mapping[tuple[str, int], str]) -> ScenarioResult:
    name = scenario.result.id
    if why := next((why for (of, _), why in unsure.items() if of == name), ""):
        return replace(scenario.result, status="incomplete", reason=why)
    own = (finding for finding in findings if finding.scenario == name)
    # A call that the candidate did not make can't be answered by a tool's result: the step is unsent because of the
    # drift.
    explained = any(finding.severity > Severity.INFO or finding.policy != "default" for finding in own)
    return replace(scenario.result, status="pass", reason="") if scenario.unsent and explained else scenario.result


def _variables(side: Side) -> dict[str, str]:
    """Header or parameter → the variable that fills it, as the facts of a side say."""
    known = side.facts.get("variables")
    return {k: v for k, v in known.items() if isinstance(v, str)} if isinstance(known, Mapping) else {}


# -- exhibits -----------------------------------------------------------------------------------


def _all_observed(scenarios: Sequence[_Scenario], sides: _Sides) -> tuple[Observed, ...]:
    """All final attempts of both sides, those of scenarios without a golden among them."""
    alone = sorted(sides.candidate.exchanges.keys() - {scenario.result.id for scenario in scenarios})
    unpaired = (observed for name in alone for observed in _observed(name, sides, (), sides.candidates.of(name), ()))
    return (*(observed for scenario in scenarios for observed in scenario.observed), *unpaired)


def _observed(
    name: str, sides: _Sides, golden: Sequence[Observation], candidate: Sequence[Observation], cells: Iterable[Cell]
) -> tuple[Observed, ...]:
    """The final attempts of a scenario on both sides, under the step of their cell."""
    steps = {id(sample): cell.step for cell in cells for group in (cell.golden, cell.candidate) for sample in group}
    of_golden = exhibited("golden", name, golden, sides.goldens, steps)
    return (*of_golden, *exhibited("candidate", name, candidate, sides.candidates, steps))
