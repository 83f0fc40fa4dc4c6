"""The check of a candidate: run the suite, confirm what drifted, probe whether the route is up, make the files."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from gate.errors import RouteError
from gate.judge.report import judge
from gate.model import (
    Ending,
    Exchange,
    Json,
    Limits,
    Policy,
    Report,
    Requests,
    Route,
    SamplePlan,
    Scenario,
    Severity,
    Status,
)
from gate.model.sides import Side
from gate.redact.scrub import Scrubber
from gate.rules import rules
from gate.run import runner
from gate.run.facts import facts
from gate.run.outcomes import RunResult, ScenarioRun, accepted, judged, mark_outages
from gate.run.pace import Pace
from gate.run.probe import probe
from gate.run.record import BESIDE, keep
from gate.store.texts import Texts
from gate.text.plural import count


@dataclass(frozen=True, slots=True)
class Checked:
    """What the candidate sent, as files: `gate check` judges them now, `gate diff` can later. Asking for the text of
    one raises SecretError where a secret is left in it. `baseline`: exchanges by scenario, where the baseline was
    measured as well."""

    files: Texts
    notes: tuple[str, ...]
    requests: Requests | None = None
    baseline: Mapping[str, Sequence[Exchange]] | None = None


@dataclass(frozen=True, slots=True)
class Baseline:
    """The baseline's route and key, for measuring it at the same time as the candidate."""

    route: Route
    key: str | None


@dataclass(frozen=True, slots=True)
class Check:
    """What a check needs to know. `versions` are those of the lock files today."""

    scenarios: Sequence[Scenario]
    route: Route
    golden: Side
    policy: Policy
    limits: Limits
    plan: SamplePlan
    scrubber: Scrubber
    key: str | None
    run_id: str
    today: date
    versions: Mapping[str, str]
    progress: Callable[[runner.Progress], None] | None = None
    baseline: Baseline | None = None
    watch: runner.Watch | None = None

    async def run(self) -> Checked:
        """Runs every scenario `samples.check` times, and those that failed, drifted or raised a suspicion up to
        `samples.confirm` more times.

        Raises ConfigError or RouteError where the preflight finds base_url, key or model wrong.
        """
        pace = Pace(self.limits)
        warmed = await self._warmed(pace)
        # at the same time, so that both routes meet the same load and the same network
        first, beside = await asyncio.gather(self._send(self.scenarios, self.plan.check, 0, pace), self._beside())
        up, probes = await self._up(first, pace)
        result, again = await self._grown(first, pace) if up else (first, [])  # a route that is down is not asked again
        if again:
            # A second probe: the route may have gone down while the suspects were sent again.
            up, more = await self._up(result, pace)
            probes += more
        if _failed(result) and not self.watch:
            result = replace(mark_outages(result, up), notes=(_closing(result, up), *result.notes))
        sent = Requests(first.requests, result.requests - first.requests, warmed + probes)
        notes = () if self.baseline is None else (_beside_note(beside),)
        told = (*result.notes, *_suspicion(again, sent.suspicion), *notes)
        return replace(self._kept(replace(result, notes=told), beside), requests=sent)

    async def _grown(self, first: RunResult, pace: Pace) -> tuple[RunResult, list[str]]:
        """The run with further samples of what is in doubt, one at a time and until none is or `samples.confirm` are
        spent; and the scenarios that were sent again.

        Confirmed before it is told: one drift in one sample may be chance, and a failing build must not be.
        """
        result, suspects, names = first, self._suspects(first, self.scenarios), list[str]()
        for number in range(self.plan.confirm):
            again = await self._send(suspects, 1, self.plan.check + number, pace, result) if suspects else None
            if again is None or not again.requests:
                break
            names += [name for name, run in again.runs.items() if run.exchanges and name not in names]
            result = merged(result, again, self.scenarios, self.golden.exchanges)
            suspects = self._suspects(result, suspects)
        return result, names

    def _kept(self, result: RunResult, beside: RunResult | None) -> Checked:
        """The files of both routes; the baseline's are in a hidden folder below, where `gate diff` finds its times."""
        saved = self._saved(result)
        if beside is None or self.baseline is None:
            return saved
        of_both = saved.files.with_texts(self._files(beside, self.baseline.route), f"{BESIDE}/")
        exchanges = {name: run.exchanges for name, run in beside.runs.items()}
        return replace(saved, files=of_both, baseline=exchanges)

    def unreached(self, why: str) -> Checked:
        """The check of a route that could not be reached: every scenario is incomplete, for the reason `why`."""
        return self._saved(RunResult({scenario.id: ScenarioRun((), "not-run", why) for scenario in self.scenarios}))

    async def _warmed(self, pace: Pace) -> int:
        """How many requests a plain chat took that wakes the route up. Only where there are budgets: these are over all
        samples, and a cold start would break them, while other findings about latency are confirmed."""
        if not self.policy.budgets:
            return 0
        return (await probe(self.route, limits=self.limits, run_id=self.run_id, key=self.key, pace=pace))[1]

    async def _up(self, result: RunResult, pace: Pace) -> tuple[bool, int]:
        """Whether the route is up, and how many requests that took; asked only where some scenario failed."""
        # On the bench the upstream is ours and up: what fails there, a breaker that opened, is the gateway's doing.
        if not _failed(result) or self.watch:
            return True, 0
        limits, names = self.limits, result.names
        return await probe(self.route, limits=limits, run_id=self.run_id, key=self.key, names=names, pace=pace)

    async def _beside(self) -> RunResult | None:
        """The suite on the baseline, of which only the times are used; None where it can't be reached."""
        if self.baseline is None:
            return None
        try:
            return await runner.run(
                # Errors have no latency to compare, and may open a gateway's circuit breaker (see `runner`).
                [scenario for scenario in self.scenarios if scenario.group != "errors"],
                self.baseline.route,
                samples=self.plan.check,
                limits=self.limits,
                run_id=self.run_id,
                ids=self.golden.runs,
                key=self.baseline.key,
                golden=self.golden.exchanges,
                scrub=self.scrubber.scrub,
            )
        except RouteError:
            return None

    async def _send(
        self,
        scenarios: Sequence[Scenario],
        samples: int,
        first_sample: int,
        pace: Pace,
        before: RunResult | None = None,
    ) -> RunResult:
        spent = before.requests if before else 0
        # The limit is for the whole check: confirming must not spend it a second time.
        left = None if self.limits.max_requests is None else max(0, self.limits.max_requests - spent)
        held = [e.response for run in before.runs.values() for e in run.exchanges] if before else []
        room = max(0, self.limits.max_run - sum(len(response.body) for response in held if response))
        return await runner.run(
            scenarios,
            self.route,
            samples=samples,
            limits=replace(self.limits, max_requests=left, max_run=room),
            run_id=self.run_id,
            # The same request ids as in the golden, so that the logs of both routes can be searched for one id.
            ids=self.golden.runs,
            key=self.key,
            golden=self.golden.exchanges,
            progress=self.progress,
            first_sample=first_sample,
            names=before.names if before else None,
            diagnose=before is None,
            pace=pace,
            lacking=before.lacking if before else None,
            scrub=None if self.watch else self.scrubber.scrub,
            watch=self.watch,
        )

    def _suspects(self, result: RunResult, among: Sequence[Scenario]) -> list[Scenario]:
        """Which of these scenarios are in doubt: they failed, drifted, or a rule suspects them (their twins are then
        sent too, as evidence for them). An endpoint that the route lacks is not asked again: a gateway may cool down
        after each such request. What is only info costs no request."""
        twins = _twins(self.golden)
        report = self._judged(result, {name for s in among for name in (s.id, *twins.get(s.id, ()))})
        complete = {rule.id for rule in rules().values() if rule.told_at_once}
        told = (f for f in report.findings if f.outcome == "enforced" and f.rule not in complete)
        again = {finding.scenario for finding in told if finding.severity > Severity.INFO}
        again |= {run for name in report.suspected for run in (name, *twins.get(name, ()))}
        again |= {name for name, run in result.runs.items() if run.state == "failed"}
        # What is beyond limits.max_body is so each time, and a second and third of it would only take memory (R8).
        again -= {name for name, run in result.runs.items() if any(e.ending is Ending.TOO_LARGE for e in run.exchanges)}
        return [s for s in among if s.id in again and result.lacking.keys().isdisjoint(_endpoints(s))]

    def _judged(self, result: RunResult, names: Collection[str]) -> Report:
        """The report over what was sent so far of these scenarios."""
        runs = {name: run for name, run in result.runs.items() if name in names}
        states = {name: state for name, state in _states(result).items() if name in runs}
        candidate = Side({name: run.exchanges for name, run in runs.items()}, states=states)
        return judge(self._part(names), candidate, self.policy, self.today, known=self.golden.exchanges)

    @property
    def chosen(self) -> Side:
        """The golden side without scenarios that do not run."""
        return self._part({scenario.id for scenario in self.scenarios})

    def _part(self, names: Collection[str]) -> Side:
        chosen = {name: exchanges for name, exchanges in self.golden.exchanges.items() if name in names}
        return replace(self.golden, exchanges=chosen)

    def _saved(self, result: RunResult) -> Checked:
        return Checked(self._files(result, self.route), tuple(map(self.scrubber.text, result.notes)))

    def _files(self, result: RunResult, route: Route) -> Texts:
        exchanges = [exchange for run in result.runs.values() for exchange in run.exchanges]
        known: Mapping[str, Json] = facts(route, exchanges, self.today.isoformat(), self.versions, self.run_id)
        by_id = {scenario.id: scenario for scenario in self.scenarios}
        return keep(result.runs, _states(result), by_id, known, self.scrubber)


_NAMED = 5  # chosen: so many names fit a line; the report lists all of them


def _twins(golden: Side) -> Mapping[str, set[str]]:
    """The scenarios that show the same thing, streamed and plain, whichever of them names the other."""
    twins: dict[str, set[str]] = {}
    for name, twin in golden.twins.items():
        twins.setdefault(name, set()).add(twin)
        twins.setdefault(twin, set()).add(name)
    return twins


def _suspicion(names: Sequence[str], requests: int) -> tuple[str, ...]:
    """What was sent beyond the suite, and for what."""
    if not names:
        return ()
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return (f"{count(requests, 'request')} to confirm or refute what was seen in {', '.join(names[:_NAMED])}{more}",)


def _beside_note(beside: RunResult | None) -> str:
    if beside is None:
        return "the baseline could not be measured: latency is compared with the times in the goldens"
    return "latency is compared with the baseline's, measured in the same minutes"


def _failed(result: RunResult) -> list[str]:
    return [name for name, run in result.runs.items() if run.state in ("failed", "flaky")]


def _endpoints(scenario: Scenario) -> set[str]:
    return {step.endpoint for step in scenario.steps}


def _closing(result: RunResult, up: bool) -> str:
    """What the closing probe means for the scenarios that failed."""
    state = "was answered: the route is up" if up else "failed as well: the route is down"
    return f"{', '.join(_failed(result)[:_NAMED])} failed; a closing plain chat {state}"


def _states(result: RunResult) -> dict[str, tuple[Status, str]]:
    return {name: state for name, run in result.runs.items() if (state := state_of(run))}


def merged(
    first: RunResult,
    again: RunResult,
    scenarios: Sequence[Scenario],
    golden: Mapping[str, Sequence[Exchange]],
) -> RunResult:
    """Both runs as one: a scenario that ran again has the samples of both, and one outcome over all of them."""
    by_id = {scenario.id: scenario for scenario in scenarios}
    runs = dict(first.runs)
    for name, run in again.runs.items():
        # A scenario that max_requests kept from running again has its first samples, and they count.
        if run.exchanges:
            exchanges = (*runs[name].exchanges, *run.exchanges)
            runs[name] = judged(by_id[name], exchanges, accepted(by_id[name], golden.get(name, ())), run.reason)
    return RunResult(
        runs,
        first.requests + again.requests,
        first.retries + again.retries,
        first.rejections + again.rejections,
        again.names,
        tuple(dict.fromkeys(first.notes + again.notes)),
        {**first.lacking, **again.lacking},
    )


def state_of(run: ScenarioRun) -> tuple[Status, str] | None:
    """The (status, reason) that the exchanges of a scenario do not show; None where judging them gives it."""
    match run.state:
        case "not-served" | "not-exercised":
            return "skipped", run.reason
        case "not-run":
            return "incomplete", run.reason
        case "ok" if run.reason and not run.exchanges:
            return "incomplete", run.reason
    return None
