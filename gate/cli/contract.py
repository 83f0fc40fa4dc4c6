"""`gate contract`: what two contracts say differently, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import click

from gate.cli._reports import write
from gate.contract.difference import ABSENT, NEW, Change, Changes, change_lines, differences
from gate.errors import CassetteError
from gate.redact.scrub import without_secrets
from gate.reports.words.contract_page import page
from gate.run.contract_file import read
from gate.store.sides import nearby
from gate.text.safe import line

FILE = "contract.yaml"
# A contract compared by itself: the names of the two files do not matter.
_ALONE = {"contract"}


markdown_option = click.option(
    "--markdown", type=click.Path(path_type=Path), metavar="FILE", help="What changed, for a pull request."
)


@click.group(name="contract")
def command() -> None:
    """Work with contracts."""


@command.command(name="diff")
@click.argument("golden", type=click.Path(path_type=Path))
@click.argument("candidate", type=click.Path(path_type=Path))
@markdown_option
def diff(golden: Path, candidate: Path, markdown: Path | None) -> int:
    """Say how a contract changed: two contract.yaml files, or two folders of goldens. Exit code 1 when they differ."""
    return tell(golden, candidate, markdown)


def tell(golden: Path, candidate: Path, markdown: Path | None = None) -> int:
    """Prints how the contracts of two files or folders differ; 1 where they do, else 0. `markdown` is a file for what a
    pull request says of it."""
    goldens, candidates = _pair(golden, candidate)
    names = sorted({*goldens, *candidates})
    changes = {name: found for name in names if (found := _changes(goldens.get(name), candidates.get(name)))}
    proposed(markdown, changes, len(names), candidate)
    for text in change_lines(changes):
        # values and names of fields of a contract that anybody may have written
        click.echo(without_secrets(text))
    click.echo(f"{len(changes)} of {len(names)} contracts differ" if changes else "the contracts do not differ")
    # As diff(1) has it, so that a workflow can ask for a review when contracts change.
    return 1 if changes else 0


def _pair(golden: Path, candidate: Path) -> tuple[Mapping[str, Path], Mapping[str, Path]]:
    """Scenario → file of both sides. A file beside a folder is compared with the contract of its scenario there."""
    goldens, candidates = _contracts(golden), _contracts(candidate)
    if not goldens and not candidates:
        where = f"{golden}, {candidate}"
        raise CassetteError(f"nothing was compared: no {FILE} in either", where=where, fix="name folders of goldens")
    if goldens.keys() == _ALONE and candidates.keys() != _ALONE:
        return goldens, _only(candidates, goldens, candidate)
    if candidates.keys() == _ALONE and goldens.keys() != _ALONE:
        return _only(goldens, candidates, golden), candidates
    return goldens, candidates


def _only(contracts: Mapping[str, Path], single: Mapping[str, Path], folder: Path) -> Mapping[str, Path]:
    (file,) = single.values()
    scenario = read(file).get("scenario")
    if not isinstance(scenario, str) or scenario not in contracts:
        what = f"nothing was compared: no contract of the scenario {line(str(scenario))} in it"
        raise CassetteError(what, where=str(folder), fix=f"name the {FILE} to compare with {file}")
    return {"contract": contracts[scenario]}


def _contracts(path: Path) -> Mapping[str, Path]:
    """Scenario → file; a single file, or the folder of one scenario, stands for itself under one name."""
    if path.is_file():
        return {"contract": path}
    if not path.is_dir():
        raise CassetteError("no such file or folder", where=str(path), fix="name a contract.yaml or a golden folder")
    contracts = {file.parent.relative_to(path).as_posix(): file for file in sorted(path.rglob(FILE))}
    return {"contract": contracts["."]} if contracts.keys() == {"."} else contracts


def proposed(
    markdown: Path | None,
    changes: Changes,
    known: int,
    golden: Path,
    clean: Callable[[str], str] = without_secrets,
) -> None:
    """Writes what a pull request says of changed contracts; nothing where none changed."""
    if markdown and changes:
        write(markdown, clean(page(changes, known, str(nearby(golden)))))


def _changes(golden: Path | None, candidate: Path | None) -> list[Change]:
    if golden is None:
        return [NEW]
    if candidate is None:
        return [Change("golden", "recorded", ABSENT)]
    return differences(read(golden), read(candidate))
