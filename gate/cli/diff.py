"""`gate diff GOLDEN CANDIDATE`: the verdict over two cassettes or folders, offline."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from gate.cli._policy import policy_option, settle
from gate.cli._reports import deliver, exhibited, report_option
from gate.cli._sides import load_side, one_pair
from gate.errors import CassetteError
from gate.judge import judge


@click.command(name="diff")
@click.argument("golden", type=click.Path(path_type=Path))
@click.argument("candidate", type=click.Path(path_type=Path))
@policy_option
@report_option
def command(golden: Path, candidate: Path, config: Path | None, fail_on: str | None, reports: tuple[str, ...]) -> int:
    """Judge two cassettes, or two folders of them.

    Files pair by their relative path. Several interactions with the same request are samples. No gate.yaml is
    needed; where one is found its policy applies.
    """
    ours = load_side(golden, honour_states=True)
    theirs = load_side(candidate, honour_states=True)
    if golden.is_file() and candidate.is_file():
        theirs = one_pair(ours, theirs)
    if not ours.exchanges:
        raise CassetteError("no cassette in it", where=str(golden), fix="name a cassette, or a folder that holds some")
    policy = settle(config, fail_on)
    return deliver(judge(ours, theirs, policy, date.today(), exhibited=exhibited(reports)), reports)
