"""`gate prove [GOLDEN]`: which known drifts these goldens would catch, offline."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from gate.cli._policy import config_option, golden_folder, optional_config, settle
from gate.cli._reports import deliver, report_option
from gate.cli._run import bar
from gate.errors import CassetteError
from gate.judge.prove import prove, report
from gate.judge.public import masked
from gate.redact.scrub import Scrubber
from gate.reports.words.proof import render
from gate.run.policy_check import known_scenarios
from gate.store.sides import load_side
from gate.suite import SETS, builtin


@click.command(name="prove")
@click.argument("golden", type=click.Path(path_type=Path), required=False)
@click.option("--verbose", "-v", is_flag=True, help="A line for each drift: caught, missed, or what to record for it.")
@config_option
@report_option
def command(golden: Path | None, verbose: bool, config: Path | None, reports: tuple[str, ...]) -> int:
    """Apply every known drift to the goldens and show which of them a check would catch.

    Exit codes: 0 nothing is missed, 1 a drift is missed or a harmless twin raises an alarm, 2 unreadable goldens.
    """
    folder = golden or golden_folder(config)
    side = load_side(folder)
    # what is proved is the same, and no message quotes what others recorded
    side = masked(side, side.exchanges, Scrubber())
    if not side.exchanges:
        raise CassetteError("no cassette in it", where=str(folder), fix="record goldens first: gate record")
    scenarios = known_scenarios(optional_config(config), side)
    with bar("applying known drifts") as progress:
        proof = prove(side.exchanges, side.twins, settle(config, None), date.today(), scenarios, progress)
    # The report of findings would say the same of each drift in four lines.
    return deliver(report(proof, side.facts), reports, render(proof, _sets(), verbose))


def _sets() -> dict[str, str]:
    """Built-in scenario → the smallest suite that has it."""
    return {name: min(scenario.tags, key=SETS.index) for name, scenario in builtin().items() if scenario.tags}
