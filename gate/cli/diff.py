"""`gate diff GOLDEN CANDIDATE`: the verdict over two cassettes or folders, offline."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from gate.cli import contract
from gate.cli._base import Base, base_option
from gate.cli._clients import clients, sdk_option
from gate.cli._policy import optional_config, overridden, policy_option
from gate.cli._reports import deliver, exhibitor, report_option
from gate.errors import CassetteError, ConfigError
from gate.judge.report import judge
from gate.model import Config, Policy
from gate.model.sides import Side
from gate.redact.scrub import Scrubber
from gate.run.coverage import coverage
from gate.run.facts import priced
from gate.run.policy_check import check_policy, known_scenarios
from gate.run.record import BESIDE
from gate.store.sides import load_side, nearby, one_pair, with_direct


@click.command(name="diff")
@click.argument("golden", type=click.Path(path_type=Path))
@click.argument("candidate", type=click.Path(path_type=Path))
@policy_option
@sdk_option
@base_option("route")
@report_option
def command(
    golden: Path,
    candidate: Path,
    config: Path | None,
    fail_on: str | None,
    sdk: bool,
    nodes: tuple[str, ...],
    base: Base | None,
    reports: tuple[str, ...],
) -> int:
    """Judge two cassettes, or two folders of them; of two contract.yaml, say what changed.

    Files pair by their relative path. Several interactions with the same request are samples. No gate.yaml is
    needed; where one is found its policy applies. Files of a folder that are no cassettes are named and passed over.
    """
    if golden.name == candidate.name == contract.FILE:
        if base or reports:
            what = "two contracts are told, and not judged: there is no report of them"
            raise ConfigError(what, where="--base" if base else "--report", fix="compare the folders of the cassettes")
        return contract.tell(golden, candidate)
    strays: list[str] = []
    golden_side = load_side(golden, honour_states=True, strays=strays)
    candidate_side = load_side(candidate, honour_states=True, strays=strays)
    if golden.is_file() and candidate.is_file():
        candidate_side = one_pair(golden_side, candidate_side)
    if not golden_side.exchanges:
        fix = strays[0] if strays else "name a cassette, or a folder that holds some"
        raise CassetteError("no cassette in it", where=str(golden), fix=fix)
    golden_side = with_direct(golden_side, candidate)
    loaded = optional_config(config)
    policy = overridden(loaded.policy if loaded else Policy(), fail_on)
    existing = known_scenarios(loaded, golden_side)
    check_policy(policy, _whole(golden, golden_side, loaded), existing)
    root = nearby(Path(loaded.root)) if loaded else None
    # Times of the baseline that `check --with-baseline` left there: the verdict offline must be the same.
    beside = load_side(candidate / BESIDE).exchanges if (candidate / BESIDE).is_dir() else None
    exhibit, today = exhibitor(reports, root), date.today()
    asked = clients(sdk, nodes, loaded)
    scrubber, sides = Scrubber((), loaded.redact if loaded else ()), (priced(golden_side, loaded), candidate_side)
    notes = (*strays, *asked.notes, *coverage(golden))
    report = judge(*asked.read(*sides), policy, today, notes, existing, beside, exhibit=exhibit, scrubber=scrubber)
    return deliver(report, reports, root=root, base=base)


def _whole(golden: Path, side: Side, loaded: Config | None) -> Side:
    """All goldens where only a part of them is judged: what our code reads must be shown somewhere."""
    folder = Path(loaded.root, loaded.golden).resolve() if loaded else None
    part = folder is not None and folder in golden.resolve().parents
    return load_side(folder, strays=[]) if part and folder else side
