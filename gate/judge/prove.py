"""Which known drifts these goldens would catch: every mutation is applied to every golden it fits. Pure.

A mutation is caught when a finding of one of the rules that it names (`caught_by`) reaches its severity. On its benign
twin no finding may fire.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import chain
from typing import Any, Literal, Protocol

from gate.judge.compare import Cell, compare
from gate.judge.fingerprint import fingerprint
from gate.judge.policy import decide
from gate.judge.verdict import conclude
from gate.model import (
    Crash,
    Exchange,
    Finding,
    Json,
    Location,
    Observation,
    Policy,
    Report,
    Rule,
    Samples,
    ScenarioResult,
    Severity,
)
from gate.model.words import AREAS
from gate.mutations import Mutation, Needs, Operator, mutations
from gate.observe.answer import choices
from gate.observe.exchange import observe
from gate.rules import rules
from gate.text.plural import count

Outcome = Literal["caught", "tolerated", "missed", "twin fired"]

PROOF = MISSED, FIRED = "drift-missed", "twin-fired"
"""Ids of the findings of a proof: they are about the gate itself, so nobody can record or tolerate them."""

PARTS = 16
"""Of the work of a proof."""


class Spread(Protocol):
    """The built-in `map`, or one that does the work elsewhere: the results in the order of the parts."""

    def __call__(
        self, work: Callable[[Sequence[str]], Mapping[str, Told]], parts: Iterable[Sequence[str]], /
    ) -> Iterable[Mapping[str, Told]]: ...


@dataclass(frozen=True, slots=True)
class Row:
    """One mutation on one scenario. `rule`, `severity` and `message` are those of the most severe finding, if any; of
    a drift that is missed, of any rule."""

    mutation: str
    scenario: str
    outcome: Outcome
    rule: str = ""
    severity: Severity | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """The result over all mutations. `unexercised` are those that fit no golden."""

    rows: tuple[Row, ...]
    unexercised: tuple[str, ...]
    scenarios: tuple[str, ...]
    crashes: tuple[Crash, ...] = ()

    def of(self, *outcomes: Outcome) -> tuple[Row, ...]:
        """The rows with one of these outcomes."""
        return tuple(row for row in self.rows if row.outcome in outcomes)


def prove(
    goldens: Mapping[str, Sequence[Exchange]],
    twins: Mapping[str, str],
    policy: Policy | None = None,
    today: date = date.min,
    known: Collection[str] = (),
    progress: Callable[[int, int], None] | None = None,
    over: Spread = map,
) -> Proof:
    """Applies every mutation to every golden it fits. `twins` names a scenario's twin; `policy` may tolerate findings.

    `known` are scenarios that exist elsewhere. `progress` hears how many mutations of how many are done. `over` maps
    the work over its parts: `map` itself, or that of a pool of processes. Raises ConfigError for a policy that names
    what does not exist.
    """
    bench = Bench(goldens, twins, policy or Policy(), today, {*goldens, *known})
    told: dict[str, Told] = {}
    for found in over(bench.part, _parts()):
        told |= found
        if progress:
            progress(len(told), len(mutations()))
    rows = [row for name in mutations() for row in (*told[name].caught, *told[name].fired)]
    crashes = [crash for name in mutations() for crash in told[name].crashes]
    unexercised = tuple(name for name in mutations() if not told[name].caught)
    return Proof(tuple(rows), unexercised, tuple(sorted(goldens)), tuple(crashes))


def _parts() -> list[tuple[str, ...]]:
    """Every mutation in one of the parts: those that share a twin stand in the same, which is judged once."""
    alike: dict[tuple[Operator, Needs], list[str]] = defaultdict(list)
    for name, mutation in mutations().items():
        alike[mutation.twin, mutation.needs].append(name)
    groups = list(alike.values())
    return [tuple(chain.from_iterable(groups[start::PARTS])) for start in range(PARTS)]


@dataclass(frozen=True, slots=True)
class Told:
    """What one mutation showed: the rows of itself and of its twin, and the rules that crashed on either."""

    caught: tuple[Row, ...]
    fired: tuple[Row, ...]
    crashes: tuple[Crash, ...]


class Bench:
    """The goldens with their observations, and the rules and policy to judge their mutations with."""

    def __init__(
        self,
        goldens: Mapping[str, Sequence[Exchange]],
        twins: Mapping[str, str],
        policy: Policy,
        today: date,
        known: Collection[str],
    ) -> None:
        self.made_of = goldens, twins, policy, today, known
        self.golden = {name: _steps(exchanges) for name, exchanges in sorted(goldens.items())}
        self.twins = twins
        self.policy = policy
        self.today = today
        self.known = known
        self.crashes: list[Crash] = []
        self.on_twins: dict[tuple[Operator, Needs], list[tuple[str, tuple[Finding, ...]]]] = {}

    @cached_property
    def observed(self) -> dict[str, dict[str, tuple[Observation, ...]]]:
        """The goldens in normal form, by scenario and step."""
        return {name: _observed(steps) for name, steps in self.golden.items()}

    def __reduce__(self) -> tuple[Any, ...]:
        # another process observes for itself, which takes less than bringing it what was observed
        return Bench, self.made_of

    def part(self, names: Sequence[str]) -> Mapping[str, Told]:
        """What these mutations show."""
        return {name: self.told(mutations()[name]) for name in names}

    def told(self, mutation: Mutation) -> Told:
        """What it shows in all scenarios that it fits."""
        before = len(self.crashes)
        caught, fired = tuple(self.caught(mutation)), tuple(self.fired(mutation))
        return Told(caught, fired, tuple(self.crashes[before:]))

    def caught(self, mutation: Mutation) -> Iterator[Row]:
        """A row for each scenario that the mutation fits."""
        every: dict[str, list[Cell]] = {}
        # as a check does: one sample of the candidate, and more where it takes more to tell
        for name, cells in self.cells(mutation.apply, mutation.needs, 1):
            telling = self.telling(mutation, cells)
            if not telling:
                every = every or dict(self.cells(mutation.apply, mutation.needs))
                cells = every[name]
                telling = self.telling(mutation, cells)
            if not telling:
                # what the others say is shown, and does not count
                loudest = max(self.findings(cells), key=lambda finding: finding.severity, default=None)
                yield _row(mutation, name, "missed", loudest)
            else:
                # the policy may tolerate it, switch it off, or lower its severity
                after, _ = decide(telling, self.policy, self.today, rules(), self.known)
                decided = [f for f in after if f.outcome == "enforced" and f.severity >= mutation.severity]
                best = max(decided or telling, key=lambda finding: finding.severity)
                yield _row(mutation, name, "caught" if decided else "tolerated", best)

    def telling(self, mutation: Mutation, cells: Sequence[Cell]) -> list[Finding]:
        """What the rules that owe it say of it, as gravely as they should."""
        owing = {name: rules()[name] for name in mutation.caught_by}
        return [finding for finding in self.findings(cells, owing) if finding.severity >= mutation.severity]

    def fired(self, mutation: Mutation) -> Iterator[Row]:
        """A row for each scenario where its twin is taken for a drift."""
        # Many mutations share a twin, and on it all rules run: it is judged once.
        twin = (mutation.twin, mutation.needs)
        if twin not in self.on_twins:
            self.on_twins[twin] = [(name, self.findings(cells)) for name, cells in self.cells(*twin)]
        for name, findings in self.on_twins[twin]:
            # chosen: the rule that owes the drift must not even be risky on its twin, nor say a word where the drift
            # is only a word; other rules may say that something changed, but not that a client breaks.
            most = min(mutation.severity, Severity.RISKY)
            loud = [f for f in findings if f.severity >= (most if f.rule in mutation.caught_by else Severity.BREAKING)]
            if loud:
                yield _row(mutation, name, "twin fired", loud[0])

    def findings(self, cells: Sequence[Cell], chosen: Mapping[str, Rule] | None = None) -> tuple[Finding, ...]:
        """What all rules say, or those that are chosen."""
        findings, crashes = compare(cells, chosen)
        self.crashes += crashes
        return findings

    def cells(self, operator: Operator, needs: Needs, most: int | None = None) -> Iterator[tuple[str, list[Cell]]]:
        """Each scenario that the operator fits, with its steps: the golden as it is and as the operator makes it, all
        samples or so many."""
        fitting = {name: self._fitting(name, needs) for name in self.golden}
        changed = {name: new for name, steps in fitting.items() if (new := _changed(operator, steps, most))}
        for name in changed:
            twin = self.twins.get(name, "")
            # A route that drifts does so in the streamed and in the plain scenario: the twin is mutated as well, where
            # it fits.
            twin_samples = {**self.observed.get(twin, {}), **changed.get(twin, {})}
            golden, golden_twin = self.observed[name], self.observed.get(twin, {})
            yield (
                name,
                [
                    Cell(
                        name,
                        number,
                        Samples(golden[step], golden_twin.get(step, ())),
                        Samples(observations, twin_samples.get(step, ())),
                    )
                    for number, (step, observations) in enumerate(changed[name].items())
                ],
            )

    def _fitting(self, name: str, needs: Needs) -> Mapping[str, Sequence[Exchange]]:
        """The steps that have what a mutation needs beside the exchange itself."""
        steps = self.golden[name]
        if needs == "samples":
            # the very same answer comes from a cache, and says nothing of what differs
            return {step: exchanges for step, exchanges in steps.items() if len(set(map(_body, exchanges))) > 1}
        if needs == "twin":
            beside = self.golden.get(self.twins.get(name, ""), {})
            return {step: exchanges for step, exchanges in steps.items() if step in beside}
        return self._alike(name) if needs else steps

    def _alike(self, name: str) -> Mapping[str, Sequence[Exchange]]:
        """The steps whose samples, and those of the twin, all say the same."""
        twin = self.observed.get(self.twins.get(name, ""), {})
        texts = {
            step: [[choice.text for choice in choices(o)] for o in (*observations, *twin.get(step, ()))]
            for step, observations in self.observed[name].items()
        }
        return {step: self.golden[name][step] for step, said in texts.items() if 1 < len(said) == said.count(said[0])}


def _steps(exchanges: Iterable[Exchange]) -> dict[str, tuple[Exchange, ...]]:
    """The samples of each step: the final attempt of each, without outages and those without a response."""
    last: dict[tuple[str, Json], Exchange] = {}
    for number, exchange in enumerate(exchanges):
        # The last attempt of a sample wins, as in a check: it is what a client that retries ends up with.
        if exchange.response is not None and not exchange.outage:
            last[_step(exchange), exchange.sample if exchange.scenario else number] = exchange
    steps: dict[str, list[Exchange]] = defaultdict(list)
    for (step, _), exchange in last.items():
        steps[step].append(exchange)
    return {step: tuple(group) for step, group in steps.items()}


def _step(exchange: Exchange) -> str:
    """The number of the step; the request itself in cassettes without a `gate` key."""
    if exchange.scenario:
        return str(exchange.step)
    return json.dumps([exchange.request.url, (exchange.request.body or b"").decode("latin-1")])


def _body(exchange: Exchange) -> bytes:
    return exchange.response.body if exchange.response else b""


def _observed(steps: Mapping[str, Sequence[Exchange]]) -> dict[str, tuple[Observation, ...]]:
    return {step: tuple(map(observe, exchanges)) for step, exchanges in steps.items()}


def _changed(
    operator: Operator, steps: Mapping[str, Sequence[Exchange]], most: int | None
) -> dict[str, tuple[Observation, ...]]:
    """The steps whose every sample the operator fits: what a golden sample shows already is no drift."""
    changed = {step: _all(operator, exchanges) for step, exchanges in steps.items()}
    return {step: tuple(map(observe, new[:most])) for step, new in changed.items() if new}


def _all(operator: Operator, exchanges: Iterable[Exchange]) -> list[Exchange]:
    """All of them changed. None where one can't have the drift: the comparison would be of two kinds of answers."""
    new = []
    for exchange in exchanges:
        changed = operator(exchange)
        if changed is None:
            return []
        new.append(changed)
    return new


def _row(mutation: Mutation, scenario: str, outcome: Outcome, finding: Finding | None) -> Row:
    if finding is None:
        return Row(mutation.id, scenario, outcome)
    return Row(mutation.id, scenario, outcome, finding.rule, finding.severity, finding.message)


# -- as a report --------------------------------------------------------------------------------


def report(proof: Proof, golden: Mapping[str, Json]) -> Report:
    """The proof as a report that every format renders: one scenario for each mutation.

    A mutation that was missed, or whose twin fired, is a finding; one that these goldens do not exercise is skipped.
    """
    known = mutations()
    skipped = {name: _unexercised(known[name], proof.scenarios) for name in proof.unexercised}
    results = tuple(
        ScenarioResult(
            id=name,
            endpoint="unknown",
            status="skipped" if name in skipped else "pass",
            attempts=sum(row.mutation == name for row in proof.rows),
            reason=skipped.get(name, ""),
        )
        for name in known
    )
    findings = tuple(_finding(known[row.mutation], row) for row in proof.of("missed", "twin fired"))
    judged = conclude(
        Report("pass", golden, {"route": "known drifts"}, results, findings, proof.crashes, fail_on=Severity.RISKY)
    )
    # No contract was kept or broken here: nothing but the goldens was looked at.
    return replace(judged, about="drifts", reason=summary(proof))


def summary(proof: Proof) -> str:
    """How many known drifts were caught, in one sentence."""
    exercised = len(mutations()) - len(proof.unexercised)
    missed = {row.mutation for row in proof.of("missed")}
    passed = {row.mutation for row in proof.of("tolerated")} - missed
    fired = {row.mutation for row in proof.of("twin fired")}
    scenarios = count(len(proof.scenarios), "scenario")
    caught = f"{exercised - len(missed) - len(passed)} of {exercised} known drifts caught by {scenarios}"
    tolerated = f"{len(passed)} that your policy lets pass, " if passed else ""
    alarms = f"{count(len(fired), 'false alarm')} on twins"
    return f"{caught}; {tolerated}{len(missed)} missed, {len(proof.unexercised)} not exercised, {alarms}"


def by_area(proof: Proof) -> dict[str, tuple[int, int]]:
    """(drifts that would be caught, known drifts) of each area; what is not exercised, missed in some scenario, or let
    pass by the policy is not caught."""
    lost = {*proof.unexercised, *(row.mutation for row in proof.of("missed", "tolerated"))}
    known = Counter(mutation.area for mutation in mutations().values())
    passing = Counter(mutations()[name].area for name in lost)
    return {area: (known[area] - passing[area], known[area]) for area in AREAS if known[area]}


def _unexercised(mutation: Mutation, scenarios: Iterable[str]) -> str:
    missing = [name for name in mutation.exercised_by if name not in scenarios]
    return f"not exercised; record {' or '.join(missing)}" if missing else "no golden shows what it would change"


def _finding(mutation: Mutation, row: Row) -> Finding:
    rule = MISSED if row.outcome == "missed" else FIRED
    judged = f"{row.rule} ({row.severity.word}): {row.message}" if row.severity else "no finding"
    message = f"not caught in {row.scenario} by {' or '.join(mutation.caught_by)}: {mutation.summary}"
    if rule == FIRED:
        message = f"false alarm in {row.scenario} on the benign twin of: {mutation.summary}"
    return Finding(
        rule=rule,
        area=mutation.area,
        # fail_on is risky here: a mutation that is only info must fail the proof as well where it is missed.
        severity=max(mutation.severity, Severity.RISKY),
        endpoint="unknown",
        scenario=mutation.id,
        step=0,
        path=row.scenario,
        message=message,
        golden=f"{row.scenario} as it was recorded",
        candidate=judged,
        hits=1,
        samples=1,
        fingerprint=fingerprint(rule, mutation.area, mutation.id, 0, row.scenario),
        location=Location(),
        hint="report it: the rules should have caught it" if rule == MISSED else "report it",
        who_breaks="",
    )
