"""The run behind `record` and `refresh`: the suite on the baseline, turned into files."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from gate.cli._run import finish, progress
from gate.model import Scenario, Status
from gate.run import runner
from gate.run.facts import facts
from gate.run.job import Job
from gate.run.record import Recording, record, write
from gate.store.not_served import NOT_SERVED, not_served, not_served_file
from gate.text.safe import line


def recorded(job: Job, scenarios: Sequence[Scenario], samples: int) -> Recording:
    """Run the scenarios on the baseline; nothing is written yet."""
    with progress(f"recording from {job.route.name}") as told:
        result = finish(
            runner.run(
                scenarios,
                job.route,
                samples=samples,
                limits=job.limits,
                run_id=job.run_id,
                key=job.key,
                progress=told,
            )
        )
    exchanges = [exchange for one in result.runs.values() for exchange in one.exchanges]
    known = facts(job.route, exchanges, date.today().isoformat(), job.versions, job.run_id)
    if result.rejections:
        known["rejected"] = sorted(one.parameter for one in result.rejections)
    found = record(scenarios, result.runs, known, job.scrubber)
    return replace(found, notes=(*result.notes, *found.notes))


def save(folder: Path, found: Recording) -> None:
    """Write the goldens, and bring `not-served.yaml` up to date with what is known now: what the route no longer serves
    has no golden any more."""
    kept = {name: state for name, state in not_served(folder).items() if f"{name}/cassette.yaml" not in found.files}
    lacking = {**{name: why for name, why in found.not_exercised.items() if not has(folder, name)}, **found.not_served}
    absent: dict[str, tuple[Status, str]] = {**kept, **{name: ("skipped", why) for name, why in lacking.items()}}
    write(folder, {**found.files, **not_served_file(absent)})
    for name in filter(lambda name: has(folder, name), found.not_served):
        shutil.rmtree(folder / name)
    if not absent:
        (folder / NOT_SERVED).unlink(missing_ok=True)


def has(folder: Path, name: str) -> bool:
    """Whether a scenario has a golden there."""
    return (folder / name / "cassette.yaml").is_file()


def tell(found: Recording, verb: str) -> int:
    """What was recorded, what the route lacks, what was refused; returns the exit code."""
    done = sum(name.endswith("cassette.yaml") for name in found.files)
    click.echo(f"{verb} {done} scenario{'' if done == 1 else 's'}")
    for name, why in sorted(found.not_served.items()):
        click.echo(f"  not served  {line(name)}: {line(why, 600)}")
    for name, why in sorted(found.not_exercised.items()):
        click.echo(f"  not exercised  {line(name)}: {line(why, 600)}")
    for name, why in sorted(found.refused.items()):
        click.echo(f"  refused     {line(name)}: {line(why, 600)}")
    for note in found.notes:
        click.echo(f"  note        {line(note, 600)}")
    if found.refused:
        click.echo("refused scenarios keep the golden they had; look at the route and record again", err=True)
        return 3
    return 0 if done or found.not_served or found.not_exercised else 2
