"""`--report FORMAT[:PATH]`: what a command prints and writes, the same for every command that judges."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import click

from gate.cli._base import Base
from gate.cli._last import FOLDER, PAGE, REPORT_FILE
from gate.errors import GateError
from gate.explain.exhibits import exhibits
from gate.judge.history import since
from gate.judge.report import Exhibitor
from gate.judge.verdict import exit_code
from gate.model import Exhibit, Finding, Report
from gate.model.exhibits import Observed
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


def exhibitor(reports: Sequence[str], root: Path | None = None) -> Exhibitor | None:
    """What makes a report's exhibits (the exchanges themselves), where the HTML page is asked for; of a last run (see
    `deliver`) that has findings as well."""
    # They take as long as all rules together, and only this format shows them.
    if any(value.partition(":")[0] == "html" for value in reports):
        return exhibits
    return _of_findings if root is not None else None


def _of_findings(
    seen: Sequence[Observed], findings: Sequence[Finding], variables: Mapping[str, str]
) -> tuple[Exhibit, ...]:
    return exhibits(seen, findings, variables) if findings else ()


def deliver(
    report: Report,
    reports: Sequence[str],
    text: str | None = None,
    root: Path | None = None,
    base: Base | None = None,
) -> int:
    """Write every report asked for, print the terminal one unless another took its place; returns the exit code.

    `text` stands in for the terminal report where a command says it better. `root` is the folder of gate.yaml, if there
    is one: the run is the last one there, for `gate explain` and `gate tolerate`. With a `base` every format says what
    changed since.
    """
    if base is not None:
        report = since(report, base.report, base.where)
    rendered = cache(lambda name: formats()[name](report))  # the last run's are often asked for as well
    if root is not None:
        _keep(rendered, root / FOLDER)
    to_stdout = [value for value in reports if ":" not in value]
    for value in reports:
        name, colon, path = value.partition(":")
        if colon:
            write(Path(path), rendered(name))
    # A log without a word of the verdict would make people open files to learn that all is well.
    name = to_stdout[0] if to_stdout else "terminal"
    click.echo((text or _coloured(report)) if name == "terminal" else rendered(name), nl=False)
    return exit_code(report)


def _coloured(report: Report) -> str:
    from gate.reports.terminal import render

    text = render(report, colour=sys.stdout.isatty())
    return text if text.endswith("\n") else f"{text}\n"


def _keep(rendered: Callable[[str], str], folder: Path) -> None:
    try:
        write(folder / REPORT_FILE, rendered("json"))
        write(folder / PAGE, rendered("html"))
    except GateError as error:  # a read-only checkout can be judged as well
        click.echo(f"note: the last run is not kept: {error.what}", err=True)


def write(path: Path, text: str) -> None:
    """A report as a file. Raises GateError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    except OSError as error:
        raise GateError(f"can't write the report: {error.strerror}", where=str(path)) from error
