"""`gate refresh`: record again, show what changed in the contracts, and write only when asked to."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import click

from gate.cli._policy import config_option
from gate.cli._record import FILES, has, propose, recorded, save, stored, tell
from gate.cli._run import Selection, run_options, show_plan, warn
from gate.cli.contract import markdown_option, proposed
from gate.contract.difference import NEW, Change, Changes, change_lines, differences
from gate.contract.text import parse
from gate.errors import ConfigError
from gate.run.contract_file import read
from gate.run.job import Job
from gate.run.record import Recording
from gate.store.files import write_errors
from gate.store.journal import writer
from gate.store.not_served import NOT_SERVED
from gate.store.sides import nearby
from gate.text.nearest import suggest
from gate.text.plural import count
from gate.text.safe import line

_FEW = 3  # scenarios that a command names
_LISTED = 20  # scenarios in a line


@click.command(name="refresh")
@config_option
@click.option("--route", default="baseline", show_default=True, help="The route to record from.")
@click.option("--base-url", help="Replaces the base_url of that route.")
@click.option("--samples", type=click.IntRange(1), help="Recordings of each scenario; overrides samples.record.")
@click.option("--leave", multiple=True, metavar="SCENARIO", help="Leave this golden as it is. Repeatable.")
@markdown_option
@click.option("--write", "write_", is_flag=True, help="Replace the goldens; the replaced ones are kept under .gate/.")
@run_options
def command(
    config: Path | None,
    route: str,
    base_url: str | None,
    samples: int | None,
    leave: tuple[str, ...],
    markdown: Path | None,
    write_: bool,
    dry_run: bool,
    selection: Selection,
) -> int:
    """Record the suite again and show, per scenario, what changed in the contract.

    Without --write nothing changes on disk, and the exit code is 1 when a contract would. Each scenario is a golden of
    its own: --only adopts it alone, --leave adopts all others.
    """
    job = _without(selection.job(config, route, base_url), leave)
    count = samples or job.config.samples.record
    if dry_run:
        show_plan(job, count)
        return 0
    warn(job.warnings)
    if not write_:
        recording = recorded(job, job.scenarios, count)
        changed = _shown(job, recording, markdown)
        _offer(changed, _again(config, route, base_url))
        return tell(recording, "recorded, not written:") or int(bool(changed))
    with writer(job.golden) as goldens:
        recording = recorded(job, job.scenarios, count)
        known = {path.parent.name for path in job.golden.glob(f"*/{FILES[0]}")}
        changed = _shown(job, recording, markdown)
        copies = _keep(job.golden, nearby(Path(job.config.root, ".gate", "replaced", job.run_id)), recording)
        save(goldens, recording)
    _adopted(recording, changed, known)
    if copies:
        click.echo(f"replaced goldens are kept in {copies}; copy them back to roll back")
    code = tell(recording, "wrote")
    propose(job, recording)
    return code


def _without(job: Job, leave: Sequence[str]) -> Job:
    """The job for all scenarios but these. ConfigError for one that it would not have sent."""
    known = [scenario.id for scenario in job.scenarios]
    for name in leave:
        if name not in known:
            what = f"{name} would not be recorded anyway"
            raise ConfigError(what, where="--leave", fix=suggest(name, known) if known else "leave it out")
    kept = tuple(scenario for scenario in job.scenarios if scenario.id not in leave)
    if not kept:
        raise ConfigError("nothing is left to record", where="--leave", fix="name fewer scenarios")
    return replace(job, scenarios=kept)


def _again(config: Path | None, route: str, base_url: str | None) -> str:
    """The options that name the same route once more."""
    given = (
        ("--config", str(config or "")),
        ("--route", "" if route == "baseline" else route),
        ("--base-url", base_url),
    )
    return "".join(f"{option} {shlex.quote(line(value))} " for option, value in given if value)


def _offer(changed: Changes, where: str) -> None:
    """How to adopt what changes: all of it, or scenario by scenario. `where` are options that stand before."""
    if changed:
        named = " ".join(f"--only {shlex.quote(line(name))}" for name in sorted(changed)[:_FEW])
        few = f"{named} --write" if len(changed) <= _FEW else "--only SCENARIO --write, or --leave SCENARIO --write"
        click.echo(f"to adopt {'it' if len(changed) == 1 else 'them'}: gate refresh {where}{few}")


def _adopted(recording: Recording, changed: Changes, known: Collection[str]) -> None:
    """Which goldens are those of now, and which were left."""
    new = sorted(name.rpartition("/")[0] for name in recording.files if name.endswith(FILES[0]))
    told = [f"{line(name)} ({count(len(changed[name]), 'change')})" for name in new if name in changed][:_LISTED]
    rest = [f"{len(new) - len(told)} {'more' if len(told) == _LISTED else 'without a change'}"] * (len(new) > len(told))
    click.echo(f"adopted: {', '.join([*told, *rest]) or 'nothing'}")
    left = sorted({*known} - {*new} - recording.not_served.keys())
    if left:
        more = f" and {len(left) - _LISTED} more" if len(left) > _LISTED else ""
        click.echo(f"left as they were: {', '.join(map(line, left[:_LISTED]))}{more}")


def _shown(job: Job, recording: Recording, markdown: Path | None) -> Changes:
    """Prints what changes in the contracts, and returns it."""
    changed = {**dict(changes(job.golden, recording.files)), **gone(job.golden, recording)}
    proposed(markdown, changed, len(job.scenarios), job.golden, job.scrubber.text)
    for text in change_lines(changed):
        click.echo(job.scrubber.text(text))  # the golden may be older than the table of secrets
    click.echo(f"{len(changed)} of {len(job.scenarios)} contracts change" if changed else "no contract changes")
    return changed


def changes(golden: Path, files: Mapping[str, str]) -> Iterator[tuple[str, list[Change]]]:
    """(scenario, changes) for each contract that differs from the stored one in more than timing and noise. `files`
    are texts by relative path. Raises CassetteError for a stored contract that can't be read."""
    for name, text in sorted(files.items()):
        scenario, _, file = name.rpartition("/")
        if file != "contract.yaml":
            continue
        path = golden / name
        found = differences(read(path), parse(text)) if path.is_file() else [NEW]
        if found:
            yield scenario, found


def gone(golden: Path, recording: Recording) -> dict[str, list[Change]]:
    """Scenarios that have a golden, and that the route no longer serves."""
    return {
        name: [Change("golden", "recorded", f"no longer served: {why}")]
        for name, why in sorted(recording.not_served.items())
        if has(golden, name)
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
