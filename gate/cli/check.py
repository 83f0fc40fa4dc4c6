"""`gate check`: the suite on a candidate, judged against the goldens."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import click

from gate.cli._hermetic import Options, hermetic_options, on_bench, place_of, run_between
from gate.cli._policy import load_config, overridden, policy_option
from gate.cli._reports import deliver, exhibitor, report_option
from gate.cli._run import Selection, finish, progress, run_options, show_plan, warn
from gate.errors import CassetteError, ConfigError, RouteError
from gate.explain.curl import variables
from gate.hermetic.bench import Place
from gate.judge.report import judge
from gate.model import Config, Json, Report, Route, Scenario, Status
from gate.model.sides import Side
from gate.run.check import Baseline, Check, Checked
from gate.run.facts import priced
from gate.run.job import Job, prepare
from gate.run.policy_check import check_policy, known_scenarios
from gate.run.record import BESIDE
from gate.store import cassette
from gate.store.files import write_errors
from gate.store.journal import writer
from gate.store.not_served import NOT_SERVED, not_served_file
from gate.store.sides import DIRECT, load_side, nearby, with_direct
from gate.suite.asks import stale


@click.command(name="check")
@policy_option
@click.option("--route", default="candidate", show_default=True, help="The route to check.")
@click.option("--base-url", help="Replaces the base_url of that route.")
@click.option("--samples", type=click.IntRange(1), help="How often each scenario is sent; overrides samples.check.")
@click.option("--with-baseline", is_flag=True, help="Measure the baseline beside it, for latency.")
@click.option("--shard", metavar="I/N", help="Only the I-th of N parts of the suite, such as 2/4.")
@click.option("--save", type=click.Path(path_type=Path), help="Where the candidate's exchanges go; .gate/ROUTE.")
@hermetic_options
@run_options
@report_option
def command(
    config: Path | None,
    fail_on: str | None,
    route: str,
    base_url: str | None,
    samples: int | None,
    with_baseline: bool,
    shard: str | None,
    save: Path | None,
    dry_run: bool,
    selection: Selection,
    options: Options,
    reports: tuple[str, ...],
) -> int:
    """Run the suite on a candidate and judge it against the goldens.

    What the candidate sent is kept, so that `gate diff golden/ .gate/ROUTE/` gives the same verdict offline.
    """
    loaded = load_config(config)
    with place_of(loaded, route, options) as place:
        golden = None
        if place is not None:
            golden = _goldens(loaded)
            loaded = on_bench(loaded, route, options, place, golden)
        job = selection.job_of(loaded, route, base_url)
        settings = _Settings(fail_on, samples, with_baseline, shard, save, dry_run)
        return _check(job, golden or _goldens(loaded), settings, place, reports)


@dataclass(frozen=True, slots=True)
class _Settings:
    """The options that say how a job is carried out."""

    fail_on: str | None
    samples: int | None
    with_baseline: bool
    shard: str | None
    save: Path | None
    dry_run: bool


def _check(job: Job, golden: Side, chosen: _Settings, place: Place | None, reports: tuple[str, ...]) -> int:
    job = replace(job, scenarios=_sharded(job.scenarios, chosen.shard))
    # All that can be refused is refused before the first request is paid for.
    _fresh(job, golden)
    folder = _kept_in(chosen.save, job)
    scenarios = known_scenarios(job.config, golden)
    check_policy(job.config.policy, golden, scenarios)
    plan = replace(job.config.samples, check=chosen.samples or job.config.samples.check)
    if chosen.dry_run:
        asked = replace(job, scenarios=_with_golden(job, golden))
        show_plan(asked, plan.check, plan.confirm, beside=chosen.with_baseline)
        return 0
    warn([*job.warnings, *_without_golden(job, golden)])
    with writer(folder) as disk, progress(f"checking {job.route.name}") as report_progress:
        check = Check(
            scenarios=_with_golden(job, golden),
            route=job.route,
            golden=replace(golden, states=_not_served(job, golden)),
            policy=overridden(job.config.policy, chosen.fail_on),
            limits=job.limits,
            plan=plan,
            scrubber=job.scrubber,
            key=job.key,
            run_id=job.run_id,
            today=date.today(),
            versions=job.versions,
            progress=report_progress,
            baseline=_baseline(job) if chosen.with_baseline else None,
            configured=job.config.policy.fail_on,
        )
        with write_errors(folder):
            _clear(folder)  # a run that ends early must not leave the verdict of the one before
        checked, asked_for = _asked(check, job, place, golden)
        disk.write(_with_skipped(checked.files, golden, asked_for.scenarios))
    candidate = _part(load_side(folder, honour_states=True), asked_for.scenarios)
    notes, beside, exhibit = checked.notes, checked.baseline, exhibitor(reports)
    reference = with_direct(check.chosen, folder)
    report = judge(reference, candidate, check.policy, check.today, notes, scenarios, beside, exhibit=exhibit)
    return deliver(_named(report, job.config.routes[job.route.name], chosen.shard), reports)


def _asked(check: Check, job: Job, place: Place | None, golden: Side) -> tuple[Checked, Check]:
    """The check, and as it was carried out: a gateway on the bench is asked more than the suite."""
    if place is None:
        return _run(check), check
    try:
        return run_between(check, job, place, golden, _run)
    except RouteError as error:  # it did not come up
        click.echo(f"error: {error}", err=True)
        return check.unreached(error.what), check


def _run(check: Check) -> Checked:
    """The check; where the route can't be asked, the reports say so like any other verdict."""
    try:
        return finish(check.run())
    except RouteError as error:
        click.echo(f"error: {error}", err=True)
        return check.unreached(error.what)


def _baseline(job: Job) -> Baseline:
    # Its own key: the candidate's must not reach the baseline, nor the reverse.
    beside = prepare(job.config, "baseline", environ=dict(os.environ))
    return Baseline(beside.route, beside.key)


def _goldens(config: Config) -> Side:
    folder = nearby(Path(config.root, config.golden))
    if not folder.is_dir() or not cassette.scan(folder):
        raise CassetteError("there are no goldens", where=str(folder), fix="run `gate record` on the baseline first")
    return priced(load_side(folder, honour_states=True), config)


def _kept_in(save: Path | None, job: Job) -> Path:
    """Where the candidate's exchanges go; the cassettes of the run before are removed there."""
    folder = nearby(save or Path(job.config.root, ".gate", job.route.name))
    here, golden = folder.resolve(), job.golden.resolve()
    # `--save golden` would replace the reference with what is to be judged by it.
    if here == golden or here in golden.parents or golden in here.parents:
        raise ConfigError("the goldens lie there", where=f"--save {folder}", fix="name a folder apart from them")
    return folder


def _fresh(job: Job, golden: Side) -> None:
    """CassetteError where answers to different requests would be compared."""
    if old := stale(job.scenarios, golden.asks):
        what = f"the suite asks for something else now than when these were recorded: {', '.join(old)}"
        raise CassetteError(what, where=str(nearby(job.golden)), fix="run `gate record --mode new`")


def _with_golden(job: Job, golden: Side) -> tuple[Scenario, ...]:
    chosen = tuple(scenario for scenario in job.scenarios if scenario.id in golden.exchanges)
    if not chosen:
        raise ConfigError("no scenario of the suite has a golden", where=str(job.golden), fix="run `gate record`")
    return chosen


def _not_served(job: Job, golden: Side) -> dict[str, tuple[Status, str]]:
    """What the baseline lacks of the scenarios that were asked for: listed, and skipped."""
    wanted = {scenario.id for scenario in job.scenarios}
    return {name: state for name, state in golden.states.items() if name in wanted}


def _without_golden(job: Job, golden: Side) -> list[str]:
    absent = [s.id for s in job.scenarios if s.id not in golden.exchanges and s.id not in golden.states]
    if not absent:
        return []
    return [f"no golden, so not checked: {', '.join(absent)}; run `gate record`"]


def _sharded(scenarios: tuple[Scenario, ...], shard: str | None) -> tuple[Scenario, ...]:
    if shard is None:
        return scenarios
    index, _, count = shard.partition("/")
    if not (index.isdecimal() and count.isdecimal() and 1 <= int(index) <= int(count)):
        raise ConfigError(f"{shard!r} is not a shard", where="--shard", fix="write it like 2/4")
    # Every n-th, not a block: neighbours have the same group, and each shard gets some of the slow ones.
    return scenarios[int(index) - 1 :: int(count)]


def _named(report: Report, route: Route, shard: str | None) -> Report:
    """The report says which route and shard it is of, so that `gate merge` can tell which one is missing: a route that
    was never reached has left no cassette that would. The names of its variables let `gate explain` repeat
    a request."""
    candidate: dict[str, Json] = {"route": route.name, **report.candidate}
    if filled := variables(route):
        candidate["variables"] = dict(sorted(filled.items()))
    return replace(report, candidate={**candidate, "shard": shard} if shard else candidate)


def _with_skipped(files: Mapping[str, str], golden: Side, sent: Sequence[Scenario]) -> dict[str, str]:
    """The files, with every golden that this check leaves out listed as skipped: `gate diff` must not miss it."""
    left = golden.exchanges.keys() - {scenario.id for scenario in sent}
    state: tuple[Status, str] = ("skipped", "not part of this check")
    words = not_served_file(dict.fromkeys(left, state)).get(NOT_SERVED, "")
    return {**files, NOT_SERVED: files.get(NOT_SERVED, "") + words} if words else dict(files)


def _part(candidate: Side, sent: Sequence[Scenario]) -> Side:
    """Only what this check asked for: a shard reports no scenario of another."""
    wanted = {scenario.id for scenario in sent}
    return replace(candidate, states={name: state for name, state in candidate.states.items() if name in wanted})


def _clear(folder: Path) -> None:
    """The folder will hold the exchanges of this run only; a file of somebody else's is never removed."""
    if folder.is_dir():
        for path in cassette.scan(folder).values():
            # A file of another name was put there by somebody.
            if path.name == "cassette.yaml":
                shutil.rmtree(path.parent) if _holds_a_cassette_alone(path.parent) else path.unlink()
        (folder / NOT_SERVED).unlink(missing_ok=True)
        for beside in (BESIDE, DIRECT):
            shutil.rmtree(folder / beside, ignore_errors=True)


def _holds_a_cassette_alone(folder: Path) -> bool:
    return {path.name for path in folder.iterdir()} == {"cassette.yaml"}
