"""`gate check`: the suite on a candidate, judged against the goldens."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import click

from gate.cli._base import Base, base_option
from gate.cli._clients import clients, sdk_option
from gate.cli._hermetic import Options, hermetic_options, on_bench, place_of, run_between
from gate.cli._policy import load_config, overridden, policy_option
from gate.cli._reports import deliver, exhibitor, report_option
from gate.cli._run import Selection, finish, progress, run_options, show_plan, warn
from gate.errors import CassetteError, ConfigError, RouteError
from gate.explain.curl import variables
from gate.hermetic.bench import Place
from gate.judge.budgets import check_budgets
from gate.judge.report import judge
from gate.judge.verdict import conclude
from gate.model import Config, Json, Report, Route, SamplePlan, Scenario, Status
from gate.model.sides import Side
from gate.run.check import Baseline, Check, Checked
from gate.run.coverage import coverage
from gate.run.facts import priced
from gate.run.job import Job, prepare
from gate.run.policy_check import check_age, check_policy, known_scenarios
from gate.run.record import BESIDE
from gate.sdk.clients import Clients
from gate.store import cassette
from gate.store.files import write_errors
from gate.store.journal import writer
from gate.store.not_served import NOT_SERVED, not_served_file
from gate.store.sides import DIRECT, load_side, nearby, with_direct
from gate.store.texts import Texts
from gate.suite.asks import stale

BEFORE = ".before"
"""Below the exchanges of a run that reached nothing: those of the run before."""
CASSETTE = "cassette.yaml"


@click.command(name="check")
@policy_option
@click.option("--route", default="candidate", show_default=True, help="The route to check.")
@click.option("--against", metavar="ROUTE", help="A gateway that stands as golden, on the same upstream.")
@click.option("--base-url", help="Replaces the base_url of that route.")
@click.option("--samples", type=click.IntRange(1), help="How often each scenario is sent; overrides samples.check.")
@click.option("--with-baseline", is_flag=True, help="Measure the baseline beside it, for latency.")
@click.option("--shard", metavar="I/N", help="Only the I-th of N parts of the suite, such as 2/4.")
@click.option("--save", type=click.Path(path_type=Path), help="Where the candidate's exchanges go; .gate/ROUTE.")
@sdk_option
@hermetic_options
@run_options
@base_option("route")
@report_option
def command(
    config: Path | None,
    fail_on: str | None,
    route: str,
    against: str | None,
    base_url: str | None,
    samples: int | None,
    with_baseline: bool,
    shard: str | None,
    save: Path | None,
    sdk: bool,
    nodes: tuple[str, ...],
    dry_run: bool,
    selection: Selection,
    options: Options,
    base: Base | None,
    reports: tuple[str, ...],
) -> int:
    """Run the suite on a candidate and judge it against the goldens.

    What the candidate sent is kept, so that `gate diff golden/ .gate/ROUTE/` gives the same verdict offline.
    """
    loaded = load_config(config)
    chosen = _Settings(fail_on, samples, with_baseline, shard, save, dry_run)
    asked = clients(sdk, nodes, loaded) if not dry_run else Clients()
    older = None
    if against is not None:
        if against == route:
            raise ConfigError("a route can't be its own golden", where="--against", fix="name the one of today")
        older = _carried_out(loaded, against, None, options, selection, replace(chosen, save=None))
    done = _carried_out(loaded, route, base_url, options, selection, chosen)
    return 0 if done is None else _judged(done, older, chosen, asked, reports, base)


@dataclass(frozen=True, slots=True)
class _Settings:
    """The options that say how a job is carried out."""

    fail_on: str | None
    samples: int | None
    with_baseline: bool
    shard: str | None
    save: Path | None
    dry_run: bool


@dataclass(frozen=True, slots=True)
class _Done:
    """A job that was carried out: the check as it was meant, and as a gateway was asked more than that;
    and what came of it, in memory and on the disk."""

    job: Job
    check: Check
    asked: Check
    checked: Checked
    folder: Path
    known: Collection[str]
    unrecorded: Collection[str]


def _carried_out(
    loaded: Config, route: str, base_url: str | None, options: Options, selection: Selection, chosen: _Settings
) -> _Done | None:
    """The job on a route; None where it is only shown."""
    with place_of(loaded, route, options) as place:
        golden = None
        if place is not None:
            if chosen.with_baseline:
                raise ConfigError("a gateway on the bench has no live baseline", where="--with-baseline", fix="omit it")
            golden = _goldens(loaded)
            loaded = on_bench(loaded, route, options, place, golden)
        job = selection.job_of(loaded, route, base_url)
        if not (selection.scenario or selection.suite):  # a part is asked for to look at something else
            check_budgets(job.config.policy, job.scenarios, _plan(job, chosen, with_baseline=chosen.with_baseline))
        return _checked(job, golden or _goldens(loaded), chosen, place)


def _checked(job: Job, golden: Side, chosen: _Settings, place: Place | None) -> _Done | None:
    job = replace(job, scenarios=_sharded(job.scenarios, chosen.shard))
    # All that can be refused is refused before the first request is paid for.
    _fresh(job, golden)
    folder = _kept_in(chosen.save, job)
    scenarios = known_scenarios(job.config, golden)
    check_policy(job.config.policy, golden, scenarios)
    check_age(job.config.policy, golden, date.today())
    coverage(nearby(job.golden))  # a file that is no proof
    unrecorded = _unrecorded(job, golden)
    plan = _plan(job, chosen)
    if chosen.dry_run:
        asked = replace(job, scenarios=_with_golden(job, golden))
        show_plan(asked, plan.check, plan.confirm, beside=chosen.with_baseline)
        warn([f"{name}: {why}" for name, (_, why) in unrecorded.items()])
        return None
    warn(job.warnings)
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
        )
        with write_errors(folder):
            _set_aside(folder)  # a run that ends early must not leave the verdict of the one before
        checked, asked_for = _asked(check, job, place, golden)
        disk.write(_with_skipped(checked.files, golden, asked_for.scenarios, unrecorded))
        if any(name.endswith(CASSETTE) for name in checked.files):
            shutil.rmtree(folder / BEFORE, ignore_errors=True)
    # its files are read again from the disk: held no longer than they must be
    return _Done(job, check, asked_for, replace(checked, files=Texts()), folder, scenarios, frozenset(unrecorded))


def _plan(job: Job, chosen: _Settings, *, with_baseline: bool = False) -> SamplePlan:
    """The samples of this check; `with_baseline` counts as recorded what the baseline is asked beside it."""
    plan = replace(job.config.samples, check=chosen.samples or job.config.samples.check)
    return replace(plan, record=plan.check) if with_baseline else plan


def _judged(
    done: _Done,
    older: _Done | None,
    chosen: _Settings,
    asked: Clients,
    reports: tuple[str, ...],
    base: Base | None,
) -> int:
    """The verdict over what lies on the disk; `older` is a gateway that stands as golden."""
    reference = with_direct(done.check.chosen, done.folder) if older is None else _golden_of(older)
    wanted = {*(scenario.id for scenario in done.asked.scenarios), *done.unrecorded}
    candidate = _part(load_side(done.folder, honour_states=True), wanted)
    check, checked = done.check, done.checked
    root = Path(done.job.config.root)
    golden, seen = asked.read(reference, candidate)
    notes = (*checked.notes, *asked.notes, *coverage(nearby(done.job.golden)))
    given = (check.policy, check.today, notes, done.known, checked.baseline)
    report = judge(golden, seen, *given, exhibit=exhibitor(reports, root), scrubber=done.job.scrubber)
    report = replace(report, requests=checked.requests)
    named = _named(report, done.job.config.routes[done.job.route.name], chosen.shard)
    return deliver(named, reports, root=nearby(root), base=base)


def _golden_of(older: _Done) -> Side:
    """What a gateway did, as the golden of the next one. RouteError where it could not be asked."""
    side = load_side(older.folder, honour_states=True)
    if not side.exchanges:
        raise RouteError(
            f"the route {older.job.route.name} could not be asked, so nothing can be compared with it",
            where="--against", fix="make it come up first: gate check --route " + older.job.route.name,
        )  # fmt: skip
    return side


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


def _unrecorded(job: Job, golden: Side) -> dict[str, tuple[Status, str]]:
    """What nobody recorded of the scenarios that were asked for, and what it would have shown."""
    absent = [s for s in job.scenarios if s.id not in golden.exchanges and s.id not in golden.states]
    return {s.id: ("skipped", f"no golden{f'; it would show {s.about}' if s.about else ''}") for s in absent}


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
    if shard is None:
        return replace(report, candidate=candidate)
    # Worked out again: a shard can't say whether enough of the suite has a golden.
    return conclude(replace(report, candidate={**candidate, "shard": shard}))


def _with_skipped(
    files: Texts, golden: Side, sent: Sequence[Scenario], unrecorded: Mapping[str, tuple[Status, str]]
) -> Texts:
    """The files, with every golden that this check leaves out listed as skipped, and every scenario without one:
    `gate diff` must miss neither."""
    left = golden.exchanges.keys() - {scenario.id for scenario in sent}
    state: tuple[Status, str] = ("skipped", "not part of this check")
    absent = {**dict.fromkeys(left, state), **unrecorded}
    words = not_served_file(absent, unrecorded).get(NOT_SERVED, "")
    return files.with_texts({NOT_SERVED: files.get(NOT_SERVED, "") + words}) if words else files


def _part(candidate: Side, wanted: Collection[str]) -> Side:
    """Only what this check asked for: a shard reports no scenario of another."""
    return replace(candidate, states={name: state for name, state in candidate.states.items() if name in wanted})


def _set_aside(folder: Path) -> None:
    """The folder will hold the exchanges of this run only. Those of the run before stay below until this one has
    reached its route; a file of somebody else's is never moved."""
    # A file of another name was put there by somebody.
    cassettes = [path for path in cassette.scan(folder).values() if path.name == CASSETTE] if folder.is_dir() else []
    (folder / NOT_SERVED).unlink(missing_ok=True)
    for beside in (BESIDE, DIRECT, BEFORE) if cassettes else (BESIDE, DIRECT):
        shutil.rmtree(folder / beside, ignore_errors=True)
    for path in cassettes:
        kept = folder / BEFORE / path.relative_to(folder)
        kept.parent.mkdir(parents=True, exist_ok=True)
        path.replace(kept)
        with contextlib.suppress(OSError):  # what else lies in it stays
            path.parent.rmdir()
