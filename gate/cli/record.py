"""`gate record`: the suite on the baseline, written to golden/."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from gate.cli._policy import config_option, golden_folder
from gate.cli._record import has, propose, recorded, save, tell
from gate.cli._run import Selection, run_options, show_plan, warn
from gate.errors import CassetteError
from gate.judge.budgets import check_budgets
from gate.judge.depends_on import inferred
from gate.judge.pairing import observed
from gate.model import Scenario
from gate.run.job import Job
from gate.run.record import Recording
from gate.store import cassette
from gate.store.journal import writer
from gate.store.sides import load_side
from gate.suite.asks import asks


@click.command(name="record")
@config_option
@click.option("--route", default="baseline", show_default=True, help="The route to record from.")
@click.option("--base-url", help="Replaces the base_url of that route.")
@click.option(
    "--mode",
    type=click.Choice(["once", "new", "all"]),
    default="once",
    show_default=True,
    help="once: scenarios without a golden; new: also those whose requests changed; all: every scenario again.",
)
@click.option(
    "--infer-depends-on",
    is_flag=True,
    help="Print the paths that all goldens share, for gate.yaml. Of goldens that are stored: sends nothing.",
)
@click.option("--samples", type=click.IntRange(1), help="Recordings of each scenario; overrides samples.record.")
@run_options
def command(
    config: Path | None,
    route: str,
    base_url: str | None,
    mode: str,
    infer_depends_on: bool,
    samples: int | None,
    dry_run: bool,
    selection: Selection,
) -> int:
    """Run the suite on the baseline and write the goldens.

    Each scenario gets a cassette (raw bytes and times, secrets removed) and a contract that reviewers read. A failure
    that the scenario does not permit is refused; what the route lacks is listed in not-served.yaml.
    """
    # The usual question comes after the goldens, perhaps where no key is; the other modes record first.
    if infer_depends_on and mode == "once" and (folder := golden_folder(config)).is_dir() and cassette.scan(folder):
        _infer(folder)
        return 0
    job = selection.job(config, route, base_url)
    count = samples or job.config.samples.record
    if not (selection.scenario or selection.suite):
        check_budgets(job.config.policy, job.scenarios, replace(job.config.samples, record=count))
    if dry_run:
        show_plan(job, count)
        return 0
    warn(job.warnings)
    with writer(job.golden) as goldens:
        wanted = _wanted(job, mode)
        if not wanted:
            click.echo(f"all {len(job.scenarios)} scenarios have a golden; --mode all records them again")
            return 0
        recording = _keeping(recorded(job, wanted, count), job.golden)
        save(goldens, recording)
    code = tell(recording, "recorded")
    propose(job, recording)
    if infer_depends_on:
        _infer(job.golden)
    return code


def _infer(golden: Path) -> None:
    sides = load_side(golden).exchanges.values()
    paths = inferred(observation for side in sides for observation in observed(side))
    if not paths:
        raise CassetteError("no path is in every answer of these goldens", where=str(golden), fix="name paths by hand")
    click.echo("depends_on:\n" + "\n".join(f"  - {path}" for path in paths))


def _keeping(recording: Recording, golden: Path) -> Recording:
    """A golden whose endpoint is gone today stays: only `refresh`, which keeps what it replaces, takes it away."""
    lost = {name: why for name, why in recording.not_served.items() if has(golden, name)}
    absent = {name: why for name, why in recording.not_served.items() if name not in lost}
    reasons = {name: f"{why}; `gate refresh --write` would remove its golden" for name, why in lost.items()}
    return replace(recording, not_served=absent, refused={**recording.refused, **reasons})


def _wanted(job: Job, mode: str) -> Sequence[Scenario]:
    if mode == "all":
        return job.scenarios
    # By file, not by content: a broken cassette is for `gate verify` to report, not to be replaced in silence.
    stored = cassette.scan(job.golden) if job.golden.is_dir() else {}
    missing = [s for s in job.scenarios if s.id not in stored]
    if mode == "once":
        return missing
    changed = [s for s in job.scenarios if s.id in stored and _changed(s, stored[s.id])]
    return [s for s in job.scenarios if s in missing or s in changed]


def _changed(scenario: Scenario, path: Path) -> bool:
    """The scenario asks for something else than its golden was recorded with."""
    return cassette.load(path).facts.get("asks") != asks(scenario)
