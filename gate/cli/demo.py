"""`gate demo`: record and check against embedded routes, one faithful and one drifting. No key, no network."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import click

from gate.cli._run import finish
from gate.explain.exhibits import exhibits
from gate.judge.report import Exhibitor, judge
from gate.judge.verdict import exit_code
from gate.model import Exchange, Limits, Policy, Report, Route, SamplePlan, Scenario
from gate.model.sides import Side
from gate.mutations import DEMO, mutations
from gate.redact.scrub import Scrubber
from gate.replay.server import Replay, serve
from gate.reports import formats
from gate.run import runner
from gate.run.check import Check
from gate.run.demo import scenarios
from gate.run.facts import facts
from gate.run.record import record, write
from gate.store import cassette
from gate.store.cassette import Cassette
from gate.store.shipped import goldens
from gate.store.sides import load_side

_KEY = "demo"  # the embedded routes only look whether there is one
SPEED = 10.0  # the recorded engine took its time; a demo need not
_RULE = "─" * 100


@click.command(name="demo")
@click.option("--junit", type=click.Path(path_type=Path), help="Leave the JUnit file of the drifting route here.")
@click.option("--html", type=click.Path(path_type=Path), help="Leave the HTML page of the drifting route here.")
def command(junit: Path | None, html: Path | None) -> int:
    """Record from an embedded route, check it against itself, then check a route with a handful of real drifts."""
    stored = {name: cassette.load(path) for name, path in cassette.scan(goldens()).items()}
    chosen = scenarios(stored)
    exchanges = [exchange for recording in stored.values() for exchange in recording.exchanges]
    wanted = {name: path.resolve() for name, path in (("junit", junit), ("html", html)) if path}
    with (
        tempfile.TemporaryDirectory(prefix="gate-demo-") as folder,
        contextlib.chdir(folder),  # so that the reports name files as a team's would
        # Two seeds: the two routes must not answer with the same ids and words.
        serve(Replay(exchanges, speed=SPEED, vary=1)) as faithful,
        serve(Replay(exchanges, speed=SPEED, vary=2, mutate=_drift)) as drifting,
    ):
        golden = _record(Path("golden"), chosen, faithful, stored)
        click.echo(f"recorded {len(golden.exchanges)} scenarios from an embedded route, 2 samples each\n")
        same = _check(chosen, golden, Route("faithful", faithful), exhibit=None)
        click.echo(f"{_RULE}\nthe same route, with other ids, words and chunks\n{_RULE}")
        click.echo(formats()["terminal"](same))
        other = _check(chosen, golden, Route("drifting", drifting), exhibit=exhibits if html else None)
        click.echo(f"{_RULE}\na route with {len(DEMO)} drifts that happened to others\n{_RULE}")
        click.echo(formats()["terminal"](other))
    for name, path in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(formats()[name](other), "utf-8")
        click.echo(f"{name} report of the drifting route: {path}")
    codes = exit_code(same), exit_code(other)
    click.echo(f"exit codes: {codes[0]} for the faithful route, {codes[1]} for the drifting one")
    # The demo proves itself: a faithful route that drifts, or a drift that passes, is a bug of the gate.
    return 0 if codes == (0, 1) else 2


def _drift(exchange: Exchange) -> Exchange:
    """The exchange with the demo's drift of its scenario, where it has one."""
    operators = mutations()
    for name, scenario in DEMO:
        if exchange.scenario == scenario:
            return operators[name].apply(exchange) or exchange
    return exchange


def _record(folder: Path, chosen: tuple[Scenario, ...], base_url: str, stored: Mapping[str, Cassette]) -> Side:
    route = Route("baseline", base_url)
    result = finish(runner.run(chosen, route, samples=2, limits=Limits(), run_id="demo", key=_KEY, diagnose=False))
    sent = [exchange for run in result.runs.values() for exchange in run.exchanges]
    # The day of the recording, not of the demo: the same report every day.
    day = str(next(iter(stored.values())).facts.get("date", ""))
    write(folder, record(chosen, result.runs, facts(route, sent, day, {}, "demo"), Scrubber()).files)
    return load_side(folder)


def _check(chosen: tuple[Scenario, ...], golden: Side, route: Route, *, exhibit: Exhibitor | None) -> Report:
    check = Check(
        scenarios=chosen,
        route=route,
        golden=golden,
        policy=Policy(),
        limits=Limits(),
        plan=SamplePlan(check=1, confirm=1),
        scrubber=Scrubber(),
        key=_KEY,
        run_id="demo",
        today=date.today(),
        versions={},
    )
    folder = Path(".gate", route.name)
    write(folder, finish(check.run()).files)
    return judge(golden, load_side(folder), check.policy, check.today, exhibit=exhibit)
