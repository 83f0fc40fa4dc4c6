"""`gate prove [GOLDEN]`: which known drifts these goldens would catch, or (`--app`) which a client of them survives."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import click

from gate.cli._keys import hidden
from gate.cli._policy import golden_folder, optional_config, overridden, policy_option
from gate.cli._reports import deliver, report_option
from gate.cli._run import bar
from gate.errors import CassetteError, ConfigError
from gate.judge.prove import PARTS, Spread, by_area, prove, report
from gate.judge.public import masked
from gate.judge.report import judge
from gate.model import Config, Policy, Report
from gate.model.sides import Side
from gate.redact.scrub import Scrubber
from gate.reports.words.proof import render
from gate.run.policy_check import known_scenarios
from gate.sdk.app import App
from gate.sdk.proof import proved
from gate.store import proof_file
from gate.store.sides import load_side, nearby
from gate.suite import SETS, builtin

_FEW = 8  # scenarios; chosen: they are proved within a second or two by one process


@click.command(name="prove")
@click.argument("golden", type=click.Path(path_type=Path), required=False)
@click.option("--verbose", "-v", is_flag=True, help="A line for each drift: caught, missed, or what to record for it.")
@click.option("--write", "write_", is_flag=True, help="Store the numbers with the goldens; each verdict repeats them.")
@click.option("--app", metavar="COMMAND", help="Run your own client instead, once for each drift and failure.")
@click.option("--only", multiple=True, metavar="NAME", help="With --app: only this drift or failure. Repeatable.")
@click.option("--timeout", type=click.FloatRange(0.1), default=30.0, show_default=True, help="With --app: seconds.")
@policy_option
@report_option
def command(
    golden: Path | None,
    verbose: bool,
    write_: bool,
    app: str | None,
    only: tuple[str, ...],
    timeout: float,
    config: Path | None,
    fail_on: str | None,
    reports: tuple[str, ...],
) -> int:
    """Apply every known drift to the goldens and show which of them a check would catch.

    With --app the replay server answers a command of yours with every drift, and with failures; the report says where
    it crashes, hangs or loses something without a word. It finds the server in OPENAI_BASE_URL, and sees no key.

    Exit codes: 0 nothing is missed, 1 a drift is missed or a harmless twin raises an alarm, 2 unreadable goldens.
    """
    folder = golden or golden_folder(config)
    side = load_side(folder)
    if not side.exchanges:
        raise CassetteError("no cassette in it", where=str(folder), fix="record goldens first: gate record")
    loaded = optional_config(config)
    policy = overridden(loaded.policy if loaded else Policy(), fail_on)
    if app is not None:
        root = nearby(Path(loaded.root)) if loaded else None
        return deliver(_of_app(_app(app, timeout, loaded), side, only, policy), reports, root=root)
    # what is proved is the same, and no message quotes what others recorded
    side = masked(side, side.exchanges, Scrubber())
    known = known_scenarios(loaded, side)
    with _spread(len(side.exchanges)) as over, bar("applying known drifts") as progress:
        proof = prove(side.exchanges, side.twins, policy, date.today(), known, progress, over)
    if write_:
        click.echo(f"wrote {proof_file.write(nearby(folder), by_area(proof), date.today())}", err=True)
    # The report of findings would say the same of each drift in four lines.
    return deliver(report(proof, side.facts), reports, render(proof, _sets(), verbose))


@contextmanager
def _spread(scenarios: int) -> Iterator[Spread]:
    """Over all processors, where there is work for them: a process takes a third of a second to start on some."""
    if scenarios < _FEW or (os.cpu_count() or 1) == 1:
        yield map
        return
    processes = min(os.cpu_count() or 1, PARTS)
    with ProcessPoolExecutor(processes) as pool:
        # each chunk brings the goldens along and observes them anew: two for a process, so that none waits for long
        yield partial(pool.map, chunksize=-(-PARTS // (2 * processes)))


def _app(command: str, timeout: float, loaded: Config | None) -> App:
    try:
        words = tuple(shlex.split(command))
    except ValueError as error:
        raise ConfigError(f"the command can't be read: {error}", where="--app", fix="close the quotes") from None
    if not words:
        raise ConfigError("the command is empty", where="--app", fix="name a program and its arguments")
    return App(words, timeout, hidden(loaded))


def _of_app(app: App, side: Side, only: Sequence[str], policy: Policy) -> Report:
    done = proved(app, side, only)
    told = f"{done.tried} of {done.known} drifts and failures fit what it was answered"
    calm = "hosts that it calls besides are seen through the proxy variables: a program that ignores them is not"
    report = judge(
        done.golden, done.candidate, policy, date.today(), (told, calm), {*side.exchanges, *done.golden.exchanges}
    )
    # the streams are those of the goldens as they are
    return replace(report, about="app", scenarios=tuple(replace(one, streams=()) for one in report.scenarios))


def _sets() -> dict[str, str]:
    """Built-in scenario → the smallest suite that has it."""
    return {name: min(scenario.tags, key=SETS.index) for name, scenario in builtin().items() if scenario.tags}
