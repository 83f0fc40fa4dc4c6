"""The check of a candidate: run the suite, confirm what drifted, probe whether the route is up, make the files."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from gate.errors import RouteError
from gate.judge.report import judge
from gate.judge.verdict import fails
from gate.model import Exchange, Json, Limits, Policy, Report, Route, SamplePlan, Scenario, Severity, Status
from gate.model.sides import Side
from gate.redact.scrub import Scrubber
from gate.rules import rules
from gate.run import runner
from gate.run.facts import facts
from gate.run.outcomes import RunResult, ScenarioRun, accepted, judged, mark_outages, well
from gate.run.pace import Pace
from gate.run.record import BESIDE, keep


@dataclass(frozen=True, slots=True)
class Checked:
    """What the candidate sent, as files: `gate check` judges them now, `gate diff` can later. `baseline`: exchanges by
    scenario, where the baseline was measured as well."""

    files: Mapping[str, str]
    notes: tuple[str, ...]
    baseline: Mapping[str, Sequence[Exchange]] | None = None


@dataclass(frozen=True, slots=True)
class Baseline:
    """The baseline's route and key, for measuring it at the same time as the candidate."""

    route: Route
    key: str | None


@dataclass(frozen=True, slots=True)
class Check:
    """What a check needs to know. `versions` are those of the lock files today; `configured` is the fail_on of
    gate.yaml, also where the command line says `never`."""

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
    configured: Severity | None = None
    watch: runner.Watch | None = None

    async def run(self) -> Checked:
        """Runs every scenario `samples.check` times, and those that failed or drifted `samples.confirm` more times.

        Raises ConfigError or RouteError where the preflight finds base_url, key or model wrong, and SecretError where
        a secret is left in what would be stored.
        """
        pace = Pace(self.limits)
        # at the same time, so that both routes meet the same load and the same network
        first, beside = await asyncio.gather(self._send(self.scenarios, self.plan.check, 0, pace), self._beside())
        result, suspects = first, self._suspects(first)
        notes = () if self.baseline is None else (_beside_note(beside),)
        up = await self._up(first, pace)  # a route that is down is not asked again
        # Confirmed before it is told: one drift in one sample may be chance, and a failing build must not be.
        if up and suspects and self.plan.confirm:
            again = await self._send(suspects, self.plan.confirm, self.plan.check, pace, first)
            result = merged(first, again, self.scenarios, self.golden.exchanges)
            # A second probe: the route may have gone down while the suspects were sent again.
            up = await self._up(result, pace)
        if _failed(result) and not self.watch:
            result = replace(mark_outages(result, up), notes=(_closing(result, up), *result.notes))
        return self._kept(replace(result, notes=(*result.notes, *notes)), beside)

    def _kept(self, result: RunResult, beside: RunResult | None) -> Checked:
        """The files of both routes; the baseline's are in a hidden folder below, where `gate diff` finds its times."""
        saved = self._saved(result)
        if beside is None or self.baseline is None:
            return saved
        of_both = {f"{BESIDE}/{name}": text for name, text in self._files(beside, self.baseline.route).items()}
        exchanges = {name: run.exchanges for name, run in beside.runs.items()}
        return replace(saved, files={**saved.files, **of_both}, baseline=exchanges)

    def unreached(self, why: str) -> Checked:
        """The check of a route that could not be reached: every scenario is incomplete, for the reason `why`."""
        return self._saved(RunResult({scenario.id: ScenarioRun((), "not-run", why) for scenario in self.scenarios}))

    async def _up(self, result: RunResult, pace: Pace) -> bool:
        """Whether the route answers a plain chat; asked only where some scenario failed."""
        # On the bench the upstream is ours and up: what fails there, a breaker that opened, is the gateway's doing.
        if not _failed(result) or self.watch:
            return True
        limits, names = self.limits, result.names
        return well(
            await runner.probe(self.route, limits=limits, run_id=self.run_id, key=self.key, names=names, pace=pace)
        )

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
            watch=self.watch,
        )

    def _suspects(self, result: RunResult) -> list[Scenario]:
        """Scenarios that failed, or whose first samples drifted: only these are run again. An endpoint that the route
        lacks is not asked again: a gateway may cool down after each such request."""
        report = self._judged(result)
        complete = {rule.id for rule in rules().values() if rule.told_at_once}
        failing = [f for f in report.findings if fails(f, self._bar) and f.rule not in complete]
        drifted = {finding.scenario for finding in failing}
        again = drifted.union(_failed(result))
        return [s for s in self.scenarios if s.id in again and result.lacking.keys().isdisjoint(_endpoints(s))]

    @property
    def _bar(self) -> Severity:
        """The least severity of a drift that is confirmed. With `never` that of gate.yaml: a merge may fail on it."""
        chosen = (self.policy.fail_on, self.configured)
        return next((severity for severity in chosen if severity is not None), Severity.BREAKING)

    def _judged(self, result: RunResult) -> Report:
        """The report over what was sent so far."""
        candidate = Side({name: run.exchanges for name, run in result.runs.items()}, states=_states(result))
        return judge(self.chosen, candidate, self.policy, self.today)

    @property
    def chosen(self) -> Side:
        """The golden side without scenarios that do not run."""
        ids = {scenario.id for scenario in self.scenarios}
        chosen = {name: exchanges for name, exchanges in self.golden.exchanges.items() if name in ids}
        return replace(self.golden, exchanges=chosen)

    def _saved(self, result: RunResult) -> Checked:
        return Checked(self._files(result, self.route), tuple(map(self.scrubber.text, result.notes)))

    def _files(self, result: RunResult, route: Route) -> Mapping[str, str]:
        exchanges = [exchange for run in result.runs.values() for exchange in run.exchanges]
        known: Mapping[str, Json] = facts(route, exchanges, self.today.isoformat(), self.versions, self.run_id)
        by_id = {scenario.id: scenario for scenario in self.scenarios}
        return keep(result.runs, _states(result), by_id, known, self.scrubber)


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
    # chosen: five names fit a line; the report lists all of them.
    return f"{', '.join(_failed(result)[:5])} failed; a closing plain chat {state}"


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
