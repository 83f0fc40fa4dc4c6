"""`gate scan`: what a source tree calls, with what, and what its code takes for granted of a route."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from gate.cli._policy import DEFAULT, golden_folder
from gate.cli._reports import checked, write
from gate.inventory.model import Scan
from gate.inventory.scan import NO_GRAMMAR, scan
from gate.inventory.words import FORMATS
from gate.sdk.upgrades import locked


@click.command(name="scan")
@click.argument("path", type=click.Path(path_type=Path), default=Path())
@click.option("--golden", type=click.Path(path_type=Path), help="Goldens whose allowlist is asked; else gate.yaml's.")
@click.option(
    "--report",
    "reports",
    multiple=True,
    metavar="FORMAT[:PATH]",
    callback=lambda _context, _option, values: checked(values, FORMATS),
    help=f"{', '.join(FORMATS)}; to PATH, or to standard output. Repeatable.",
)
def command(path: Path, golden: Path | None, reports: tuple[str, ...]) -> int:
    """Show which services call which endpoints, and what their code takes for granted.

    Python and JavaScript or TypeScript are read, nothing is run. Exit code 3: scripts could not be read, because their
    grammars are not installed.
    """
    found = _with_sdks(scan(path, golden or _golden(path)), path)
    for value in reports:
        name, colon, target = value.partition(":")
        if colon:
            write(Path(target), FORMATS[name](found))
    printed = next((value for value in reports if ":" not in value), "table")
    click.echo(FORMATS[printed](found), nl=False)
    return 3 if any(reason == NO_GRAMMAR for _, reason in found.unread) else 0


def _golden(path: Path) -> Path | None:
    """The goldens of gate.yaml in the folder that is scanned."""
    config = path / DEFAULT
    folder = golden_folder(config) if config.is_file() else None
    return folder if folder and folder.is_dir() else None


def _with_sdks(found: Scan, path: Path) -> Scan:
    """The draft with a locked SDK of each ecosystem that `gate sdk` has a driver for: OpenAI's own, or else another."""
    # a framework is locked with what it is built on, which is its own entry as well
    versions = [replace(version, beside=()) for version in locked(path if path.is_dir() else path.parent).values()]
    named = {one.ecosystem: str(one) for one in sorted(versions, key=lambda one: one.package == "openai")}
    return replace(found, draft=replace(found.draft, sdk=tuple(named[key] for key in sorted(named, reverse=True))))
