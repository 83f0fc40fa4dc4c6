"""`--report FORMAT[:PATH]`: what a command prints and writes, the same for every command that judges."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from gate.errors import GateError
from gate.explain.exhibits import exhibits
from gate.judge.report import Exhibitor
from gate.judge.verdict import exit_code
from gate.model import Report
from gate.reports import formats

F = TypeVar("F", bound=Callable[..., Any])


def report_option(command: F) -> F:
    """The repeatable option `--report`."""
    return click.option(
        "--report",
        "reports",
        multiple=True,
        metavar="FORMAT[:PATH]",
        callback=_checked,
        help="terminal, json, junit, junit-github…; to PATH, or to standard output. Repeatable.",
    )(command)


def _checked(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:  # noqa: ARG001
    return checked(values, formats())


def checked(values: tuple[str, ...], known: Collection[str]) -> tuple[str, ...]:
    """The reports asked for. Raises BadParameter for a format that is not known, or two on standard output."""
    for value in values:
        name, colon, path = value.partition(":")
        if name not in known:
            raise click.BadParameter(f"no format {name!r}; there are: {', '.join(known)}")
        if colon and not path:
            raise click.BadParameter(f"{value!r} names no file after the colon")
    # Two reports after each other are no JSON and no XML any more.
    if sum(":" not in value for value in values) > 1:
        raise click.BadParameter("only one report can go to standard output; give the others a path")
    return values


def exhibitor(reports: Sequence[str]) -> Exhibitor | None:
    """What makes a report's exhibits (the exchanges themselves), where the HTML page is asked for."""
    # They take as long as all rules together, and only this format shows them.
    return exhibits if any(value.partition(":")[0] == "html" for value in reports) else None


def deliver(report: Report, reports: Sequence[str], text: str | None = None) -> int:
    """Write every report asked for, print the terminal one unless another took its place; returns the exit code.

    `text` stands in for the terminal report where a command says it better.
    """
    to_stdout = [value for value in reports if ":" not in value]
    for value in reports:
        name, colon, path = value.partition(":")
        if colon:
            write(Path(path), formats()[name](report))
    # A log without a word of the verdict would make people open files to learn that all is well.
    name = to_stdout[0] if to_stdout else "terminal"
    click.echo((text or _coloured(report)) if name == "terminal" else formats()[name](report), nl=False)
    return exit_code(report)


def _coloured(report: Report) -> str:
    from gate.reports.terminal import render

    text = render(report, colour=sys.stdout.isatty())
    return text if text.endswith("\n") else f"{text}\n"


def write(path: Path, text: str) -> None:
    """A report as a file. Raises GateError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    except OSError as error:
        raise GateError(f"can't write the report: {error.strerror}", where=str(path)) from error
