"""`gate refresh`: record again, show what changed in the contracts, and write only when asked to."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from gate.cli._policy import config_option, load_config
from gate.cli._record import has, recorded, save, tell
from gate.cli._run import run_options, show_plan, warn
from gate.contract.difference import change_lines, differences
from gate.contract.text import parse
from gate.run.contract_file import read
from gate.run.job import prepare
from gate.run.record import Recording
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
    max_requests: int | None,
    min_seconds: float | None,
    suite: tuple[str, ...],
    scenario: tuple[str, ...],
) -> int:
    """Record the suite again and show, per scenario, what changed in the contract.

    Without --write nothing changes on disk, and the exit code is 1 when a contract would.
    """
    job = prepare(
        load_config(config),
        route,
        base_url=base_url,
        scenario=scenario,
        suite=suite,
        max_requests=max_requests,
        min_seconds=min_seconds,
        environ=dict(os.environ),
    )
    count = samples or job.config.samples.record
    if dry_run:
        show_plan(job, count)
        return 0
    warn(job.warnings)
    found = recorded(job, job.scenarios, count)
    changed = {**dict(changes(job.golden, found.files)), **gone(job.golden, found)}
    for text in change_lines(changed):
        click.echo(text)
    click.echo(f"{len(changed)} of {len(job.scenarios)} contracts change" if changed else "no contract changes")
    if not write_:
        return tell(found, "recorded, not written:") or int(bool(changed))
    kept = _keep(job.golden, nearby(Path(job.config.root, ".gate", "replaced", job.run_id)), found)
    save(job.golden, found)
    if kept:
        click.echo(f"replaced goldens are kept in {kept}; copy them back to roll back")
    return tell(found, "wrote")


def changes(golden: Path, files: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    """(scenario, sentences) for each contract that is not the stored one in more than timing and noise."""
    for name, text in sorted(files.items()):
        scenario, _, file = name.rpartition("/")
        if file != "contract.yaml":
            continue
        stored = golden / name
        lines = differences(read(stored), parse(text)) if stored.is_file() else ["is new"]
        if lines:
            yield scenario, lines


def gone(golden: Path, found: Recording) -> dict[str, list[str]]:
    """Scenarios that have a golden, and that the route no longer serves."""
    return {
        name: [f"is no longer served: {why}"] for name, why in sorted(found.not_served.items()) if has(golden, name)
    }


def _keep(golden: Path, folder: Path, found: Recording) -> str:
    """Copy every file that is about to be replaced or removed; the folder, or nothing where there was none."""
    removed = [f"{name}/{file}" for name in found.not_served for file in ("cassette.yaml", "contract.yaml")]
    replaced = [name for name in (*found.files, *removed, NOT_SERVED) if (golden / name).is_file()]
    for name in replaced:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(golden / name, target)
    return str(folder) if replaced else ""
