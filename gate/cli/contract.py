"""`gate contract`: what two contracts say differently, in words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from gate.contract import differences
from gate.errors import CassetteError
from gate.files.contractfile import read

FILE = "contract.yaml"


@click.group(name="contract")
def command() -> None:
    """Work with contracts."""


@command.command(name="diff")
@click.argument("golden", type=click.Path(path_type=Path))
@click.argument("candidate", type=click.Path(path_type=Path))
def diff(golden: Path, candidate: Path) -> int:
    """Say how a contract changed: two contract.yaml files, or two folders of goldens. Exit code 1 when they differ."""
    ours, theirs = _contracts(golden), _contracts(candidate)
    changed = 0
    for name in sorted({*ours, *theirs}):
        lines = _lines(ours.get(name), theirs.get(name))
        if lines:
            changed += 1
            click.echo(f"{name}\n" + "\n".join(f"  {line}" for line in lines))
    click.echo(f"{changed} of {len({*ours, *theirs})} contracts differ" if changed else "the contracts say the same")
    return 1 if changed else 0


def _contracts(path: Path) -> Mapping[str, Path]:
    """Scenario → file; a single file stands for itself under one name, so that two of them pair."""
    if path.is_file():
        return {"contract": path}
    if not path.is_dir():
        raise CassetteError("no such file or folder", where=str(path), fix="name a contract.yaml or a golden folder")
    return {file.parent.relative_to(path).as_posix(): file for file in sorted(path.rglob(FILE))}


def _lines(golden: Path | None, candidate: Path | None) -> list[str]:
    if golden is None:
        return ["is new"]
    if candidate is None:
        return ["is gone"]
    return differences(read(golden), read(candidate))
