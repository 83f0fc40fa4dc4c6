"""Exchanges of both sides → Report. Pure: the same files give the same report, for `check` and for `diff`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from gate.judge.budgets import budget_findings, pooled
from gate.judge.caveats import changed_settings, several_changes, stale
from gate.judge.compare import Cell, compare
from gate.judge.depends_on import dependency_findings
from gate.judge.exercised import exercised
from gate.judge.pairing import attempts_of, observed, pair, stepped
from gate.judge.policy import decide
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
from gate.observe.stream_summary import stream_line
from gate.rules import rules
from gate.wire.timing import summary

Exhibitor = Callable[[Sequence[Observed], Sequence[Finding]], tuple[Exhibit, ...]]


@dataclass(frozen=True, slots=True)
class _Judged:
    """One scenario: its cells and what the report says of it. `unsent`: a later step of it was never sent, which is
    no news where a finding of the steps before says why."""

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
    suite of which only a part is judged. `baseline` are exchanges of the baseline from this very hour: latency is
    then compared with theirs, because the goldens' times are those of another day. `exhibit` makes what some formats
    show of the exchanges (`gate.explain.exhibits`); it costs as much as all rules.
    """
    goldens = {name: observed(found) for name, found in golden.exchanges.items()}
    beside = {name: observed(found) for name, found in (baseline or {}).items()}
    goldens = {name: _timed(found, beside.get(name)) for name, found in goldens.items()}
    candidates = _told_once(
        {name: observed(found) for name, found in candidate.exchanges.items()}, goldens, golden.facts
    )
    names = sorted({*goldens, *golden.states, *candidate.states})
    judged = [_scenario(name, golden, candidate, goldens, candidates) for name in names]
    cells = [cell for one in judged for cell in one.cells]
    found, crashes = compare(cells)
    budgets, budget_notes = budget_findings(
        policy.budgets,
        _pooled(beside.values() if baseline else (cell.golden for cell in cells)),
        _pooled(cell.candidate for cell in cells),
    )
    existing = {*names, *golden.exchanges, *golden.files, *golden.states, *known}
    read = dependency_findings(policy.depends_on, cells, found)
    partly = names if {*known, *golden.exchanges} - {*names} else None
    decided, policy_notes = decide((*found, *read, *budgets), policy, today, rules(), existing, partly)
    settings = changed_settings((cell.golden[0], cell.candidate[0]) for cell in cells)
    steps = {id(one): cell.step for cell in cells for group in (cell.golden, cell.candidate) for one in group}
    seen = (*_seen("golden", golden, goldens, steps), *_seen("candidate", candidate, candidates, steps))
    extra = sorted({*candidates} - {*names})
    unknown = [f"{name} has no golden and was not judged: record it" for name in extra]
    return conclude(
        Report(
            verdict="pass",
            golden=golden.facts,
            candidate=candidate.facts,
            scenarios=tuple(_settled(one, decided) for one in judged),
            findings=decided,
            crashes=crashes,
            notes=(*notes, *unknown, *stale(golden.facts, today, policy.stale_after), *policy_notes, *budget_notes),
            fail_on=policy.fail_on,
            lead=several_changes(golden.facts, candidate.facts, settings),
            exhibits=exhibit(seen, decided) if exhibit else (),
        )
    )


def _timed(golden: tuple[Observation, ...], baseline: tuple[Observation, ...] | None) -> tuple[Observation, ...]:
    """The golden's samples with the times of the baseline's, step by step; a sample beyond theirs has no times."""
    if baseline is None:
        return golden
    times = {(found.step, found.sample): found.timing for found in baseline if found.ok}
    return tuple(replace(found, timing=times.get((found.step, found.sample), Timing())) for found in golden)


def _pooled(groups: Iterable[Iterable[Observation]]) -> Mapping[str, float]:
    return pooled(found.timing for group in groups for found in group if found.ok)


# -- one scenario -------------------------------------------------------------------------------


def _scenario(
    name: str,
    golden: Side,
    candidate: Side,
    goldens: Mapping[str, tuple[Observation, ...]],
    candidates: Mapping[str, tuple[Observation, ...]],
) -> _Judged:
    mine, theirs = goldens.get(name, ()), candidates.get(name, ())
    down = [found for found in theirs if found.outage]
    pairs, unpaired = pair(mine, tuple(found for found in theirs if not found.outage))
    twin = golden.twins.get(name, "")
    cells = tuple(
        Cell(name, step, _with_twin(ours, goldens.get(twin, ())), _with_twin(seen, candidates.get(twin, ())))
        for step, ours, seen in pairs
        if seen
    )
    status, reason = _state(candidate.states.get(name), mine, theirs, down, unpaired)
    if not mine and name in golden.states:
        status, reason = "skipped", f"the baseline has none: {golden.states[name][1]}"
    seen = [found for cell in cells for found in cell.candidate]
    result = ScenarioResult(
        id=name,
        endpoint=next((found.endpoint for found in (*mine, *theirs)), "unknown"),
        status=status,
        attempts=len(candidate.exchanges.get(name, ())),
        reason=reason,
        latency=summary(found.timing for found in seen),
        streams=tuple(stream_line(found) for found in seen if found.form == "stream"),
        golden_file=golden.files.get(name, ""),
        areas=exercised(mine),
    )
    unsent = bool(unpaired and pairs) and not down and name not in candidate.states and stepped(mine, theirs)
    return _Judged(cells, result, unsent)


def _settled(one: _Judged, findings: Iterable[Finding]) -> ScenarioResult:
    mine = (f for f in findings if f.scenario == one.result.id)
    told = one.unsent and any(f.severity > Severity.INFO or f.policy != "default" for f in mine)
    return replace(one.result, status="pass", reason="") if told else one.result


def _state(
    known: tuple[Status, str] | None,
    golden: Sequence[Observation],
    candidate: Sequence[Observation],
    down: Sequence[Observation],
    unpaired: int,
) -> tuple[Status, str]:
    if known:
        return known
    if not golden:
        return "skipped", "no golden: record it first"
    if not candidate:
        return "incomplete", "the candidate has no recording of it"
    if down:
        failed = (
            f"{len(down)} of {len(candidate)} exchanges failed" if len(down) < len(candidate) else "the route failed"
        )
        return "incomplete", f"{failed}: {failure(down[0])}"
    if unpaired:
        return "incomplete", f"{unpaired} of the golden's requests have no counterpart in the candidate's cassette"
    return "pass", ""


def failure(found: Observation) -> str:
    """Why an exchange is no answer, in words."""
    if found.detail:
        return found.detail
    return f"HTTP {found.status} {found.media_type}".strip() if found.status else str(found.ending)


def _with_twin(samples: tuple[Observation, ...], twin: Sequence[Observation]) -> Samples:
    step = samples[0].step
    return Samples(samples, tuple(found for found in twin if found.step == step and not found.outage))


# -- samples ------------------------------------------------------------------------------------


def _told_once(
    candidates: Mapping[str, tuple[Observation, ...]],
    goldens: Mapping[str, tuple[Observation, ...]],
    facts: Mapping[str, Json],
) -> dict[str, tuple[Observation, ...]]:
    """A parameter that the candidate refuses is told by the first scenario that met it: several may, before the run
    knows better. What the golden's route refuses too is no news, whichever scenario met it there."""
    stored = facts.get("rejected")
    told = {name for name in stored if isinstance(name, str)} if isinstance(stored, list) else set()
    told |= {name for found in goldens.values() for one in found for name, _ in one.rejected}
    fresh: dict[str, tuple[Observation, ...]] = {}
    for scenario in sorted(candidates):
        found = candidates[scenario]
        news = {name for one in found for name, _ in one.rejected} - told
        told |= news
        fresh[scenario] = tuple(_only(one, news) for one in found)
    return fresh


def _only(found: Observation, names: Collection[str]) -> Observation:
    kept = tuple(pair for pair in found.rejected if pair[0] in names)
    return found if kept == found.rejected else replace(found, rejected=kept)


def _seen(
    name: Literal["golden", "candidate"],
    side: Side,
    found: Mapping[str, tuple[Observation, ...]],
    steps: Mapping[int, int],
) -> Iterator[Observed]:
    """What reports may show of one side. `steps` are those of the cells, by the identity of the observation."""
    for scenario, observations in found.items():
        for attempts, one in zip(attempts_of(side.exchanges[scenario]), observations, strict=True):
            yield Observed(name, scenario, steps.get(id(one), one.step), one, attempts[-1], len(attempts))
