"""`gate merge REPORT.json…`: the reports of shards or routes as one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from gate.cli._base import Base, base_option
from gate.cli._policy import DEFAULT, optional_config, policy_option, settle
from gate.cli._reports import deliver, report_option
from gate.errors import ConfigError
from gate.judge.merge import Part, merge, part, strictest
from gate.model import Severity
from gate.store.report_file import load
from gate.store.sides import nearby

_MOST = 1000  # files; GitHub runs at most 256 jobs of a matrix
_FIX = "give what `gate check --report json:FILE` wrote, or a folder of such files"


@click.command(name="merge")
@click.argument("files", metavar="REPORT...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--expect-shards", type=click.IntRange(1, 9999), help="How many shards every route must have.")
@click.option("--expect-route", "routes", multiple=True, help="A route that must be there. Repeatable.")
@policy_option
@base_option()
@report_option
def command(
    files: tuple[Path, ...],
    expect_shards: int | None,
    routes: tuple[str, ...],
    config: Path | None,
    fail_on: str | None,
    base: Base | None,
    reports: tuple[str, ...],
) -> int:
    """Join JSON reports of shards or routes into one, and judge over all of them.

    REPORT is a file, or a folder that holds *.json files. A shard or route that is missing makes the result
    incomplete. Shards may run with --fail-on never: the verdict is the merge's.
    """
    parts = [part(str(path), load(path, str(path), _FIX)) for path in _paths(files)]
    loaded = optional_config(config)
    least = loaded.policy.min_coverage if loaded else None
    bar = _fail_on(parts, config, fail_on)
    report = merge(parts, expect_shards=expect_shards, expect_routes=routes, fail_on=bar, min_coverage=least)
    return deliver(report, reports, root=nearby(Path(loaded.root)) if loaded else None, base=base)


def _fail_on(parts: list[Part], config: Path | None, fail_on: str | None) -> Severity | None:
    """The command line's word, else the strictest of the configuration and the reports."""
    # Shards run with `never`, so that one job decides: their own bar must not be the merge's.
    if fail_on is not None:
        return settle(config, fail_on).fail_on
    configured = [settle(config, None).fail_on] if config or DEFAULT.is_file() else []
    return strictest([*configured, *(p.report.fail_on for p in parts)])


def _paths(files: tuple[Path, ...]) -> Iterator[Path]:
    paths = [path for file in files for path in (sorted(file.rglob("*.json")) if file.is_dir() else [file])]
    if not paths or len(paths) > _MOST:
        what = f"{len(paths)} reports, more than {_MOST}" if paths else "no *.json file in it"
        raise ConfigError(what, where=", ".join(map(str, files)), fix=_FIX)
    yield from paths
