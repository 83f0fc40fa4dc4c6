"""`gate refresh`: record again, show what changed in the contracts, and write only when asked to."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from gate.cli._policy import config_option
from gate.cli._record import FILES, has, propose, recorded, save, stored, tell
from gate.cli._run import Selection, run_options, show_plan, warn
from gate.contract.difference import change_lines, differences
from gate.contract.text import parse
from gate.run.contract_file import read
from gate.run.job import Job
from gate.run.record import Recording
from gate.store.files import write_errors
from gate.store.journal import writer
from gate.store.not_served import NOT_SERVED
from gate.store.sides import nearby


@click.command(name="refresh")
@config_option
@click.option("--route", default="baseline", show_default=True, help="The route to record from.")
@click.option("--base-url", help="Replaces the base_url of that route.")
@click.option("--samples", type=click.IntRange(1), help="Recordings of each scenario; overrides samples.record.")
@click.option("--write", "write_", is_flag=True, help="Replace the goldens; the replaced ones are kept under .gate/.")
@run_options
def command(
    config: Path | None,
    route: str,
    base_url: str | None,
    samples: int | None,
    write_: bool,
    dry_run: bool,
    selection: Selection,
) -> int:
    """Record the suite again and show, per scenario, what changed in the contract.

    Without --write nothing changes on disk, and the exit code is 1 when a contract would.
    """
    job = selection.job(config, route, base_url)
    count = samples or job.config.samples.record
    if dry_run:
        show_plan(job, count)
        return 0
    warn(job.warnings)
    if not write_:
        recording = recorded(job, job.scenarios, count)
        changed = _shown(job, recording)
        return tell(recording, "recorded, not written:") or int(changed)
    with writer(job.golden) as goldens:
        recording = recorded(job, job.scenarios, count)
        _shown(job, recording)
        copies = _keep(job.golden, nearby(Path(job.config.root, ".gate", "replaced", job.run_id)), recording)
        save(goldens, recording)
    if copies:
        click.echo(f"replaced goldens are kept in {copies}; copy them back to roll back")
    code = tell(recording, "wrote")
    propose(job, recording)
    return code


def _shown(job: Job, recording: Recording) -> bool:
    """Prints what changes in the contracts; whether anything does."""
    changed = {**dict(changes(job.golden, recording.files)), **gone(job.golden, recording)}
    for text in change_lines(changed):
        click.echo(job.scrubber.text(text))  # the golden may be older than the table of secrets
    click.echo(f"{len(changed)} of {len(job.scenarios)} contracts change" if changed else "no contract changes")
    return bool(changed)


def changes(golden: Path, files: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    """(scenario, sentences) for each contract that differs from the stored one in more than timing and noise. `files`
    are texts by relative path. Raises CassetteError for a stored contract that can't be read."""
    for name, text in sorted(files.items()):
        scenario, _, file = name.rpartition("/")
        if file != "contract.yaml":
            continue
        path = golden / name
        lines = differences(read(path), parse(text)) if path.is_file() else ["is new"]
        if lines:
            yield scenario, lines


def gone(golden: Path, recording: Recording) -> dict[str, list[str]]:
    """Scenarios that have a golden, and that the route no longer serves."""
    return {
        name: [f"is no longer served: {why}"] for name, why in sorted(recording.not_served.items()) if has(golden, name)
    }


def _keep(golden: Path, folder: Path, recording: Recording) -> str:
    """Copy every file that is about to be replaced or removed; the folder, or nothing where there was none."""
    removed = [f"{name}/{file}" for name in recording.not_served for file in FILES]
    replaced = stored(golden, (*recording.files, *removed, NOT_SERVED))
    for name in replaced:
        target = folder / name
        with write_errors(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(golden / name, target)
    return str(folder) if replaced else ""
