"""The run behind `record` and `refresh`: the suite on the baseline, turned into files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from gate.cli._run import finish, progress
from gate.model import Scenario
from gate.run import runner
from gate.run.facts import facts
from gate.run.job import Job
from gate.run.record import Recording, record
from gate.store.journal import Writer
from gate.store.not_served import NOT_SERVED, not_served, not_served_file
from gate.text.safe import line

FILES = ("cassette.yaml", "contract.yaml")
"""What a golden is made of."""


def recorded(job: Job, scenarios: Sequence[Scenario], samples: int) -> Recording:
    """Run the scenarios on the baseline; nothing is written yet. Raises ConfigError, RouteError or SecretError."""
    with progress(f"recording from {job.route.name}") as report_progress:
        result = finish(
            runner.run(
                scenarios,
                job.route,
                samples=samples,
                limits=job.limits,
                run_id=job.run_id,
                key=job.key,
                progress=report_progress,
            )
        )
    exchanges = [exchange for run in result.runs.values() for exchange in run.exchanges]
    recorded_facts = facts(job.route, exchanges, date.today().isoformat(), job.versions, job.run_id)
    if result.rejections:
        recorded_facts["rejected"] = sorted(rejection.parameter for rejection in result.rejections)
    recording = record(scenarios, result.runs, recorded_facts, job.scrubber)
    return replace(recording, notes=(*result.notes, *recording.notes))


def save(goldens: Writer, recording: Recording) -> None:
    """Write the goldens and `not-served.yaml`, and remove the goldens of what the route no longer serves, as one."""
    folder = goldens.folder
    files = recording.files
    # What was not served before stays listed unless it was recorded now: this run may be of one scenario only.
    absent = {name: state for name, state in not_served(folder).items() if f"{name}/cassette.yaml" not in files}
    not_exercised = {name: why for name, why in recording.not_exercised.items() if not has(folder, name)}
    for name, why in {**not_exercised, **recording.not_served}.items():
        absent[name] = "skipped", why
    gone = [f"{name}/{file}" for name in recording.not_served for file in FILES]
    goldens.write({**files, **not_served_file(absent)}, stored(folder, gone if absent else [*gone, NOT_SERVED]))


def propose(job: Job, recording: Recording) -> None:
    """The line of gate.yaml that leaves out what was refused and has no golden, where the route answers others: one
    scenario that it can't serve must not keep `verify` red for ever."""
    lost = sorted(name for name in recording.refused if not has(job.golden, name))
    if not lost or len(lost) == len(job.scenarios):
        return
    names = ", ".join(dict.fromkeys([*job.config.left_out, *lost]))
    click.echo(f"to go on without {'it' if len(lost) == 1 else 'them'}, write this in gate.yaml:")
    click.echo(f"  suite: [{', '.join([*job.config.suite, f'{{except: [{names}]}}'])}]")


def stored(folder: Path, names: Iterable[str]) -> list[str]:
    """Those of the relative paths that are files there."""
    return [name for name in names if (folder / name).is_file()]


def has(folder: Path, name: str) -> bool:
    """Whether a scenario has a golden there."""
    return (folder / name / "cassette.yaml").is_file()


def tell(recording: Recording, verb: str) -> int:
    """What was recorded, what the route lacks, what was refused; returns the exit code."""
    done = sum(name.endswith("cassette.yaml") for name in recording.files)
    click.echo(f"{verb} {done} scenario{'' if done == 1 else 's'}")
    for name, why in sorted(recording.not_served.items()):
        click.echo(f"  not served  {line(name)}: {line(why, 600)}")
    for name, why in sorted(recording.not_exercised.items()):
        click.echo(f"  not exercised  {line(name)}: {line(why, 600)}")
    for name, why in sorted(recording.refused.items()):
        click.echo(f"  refused     {line(name)}: {line(why, 600)}")
    for note in recording.notes:
        click.echo(f"  note        {line(note, 600)}")
    # 3, like a route that could not be judged: a golden is missing because of the route, not of the usage.
    if recording.refused:
        click.echo("refused scenarios keep the golden they had; look at the route and record again", err=True)
        return 3
    return 0 if done or recording.not_served or recording.not_exercised else 2
