"""`--base PATH`: the report that this one is compared with, such as the base branch's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click

from gate.judge.history import refuse_other
from gate.model import About, Report
from gate.store.report_file import load

F = TypeVar("F", bound=Callable[..., Any])
_FIX = "give what `--report json:FILE` of this gate wrote before the change, or leave out --base"


@dataclass(frozen=True, slots=True)
class Base:
    """A report that was read, and how errors name it."""

    report: Report
    where: str


def base_option(about: About | None = None) -> Callable[[F], F]:
    """`--base PATH` as `base`. Where the command judges one route or SDK alone it says so by `about`: then another
    kind of report is refused before anything is sent. Raises ConfigError."""
    return click.option(
        "--base",
        type=click.Path(path_type=Path),
        metavar="REPORT",
        callback=partial(_read, about),
        help="A JSON report from before the change: says what is new since, still there, and fixed.",
    )


def _read(about: About | None, ctx: click.Context, param: click.Parameter, path: Path | None) -> Base | None:  # noqa: ARG001
    if path is None:
        return None
    where = f"--base {path}"
    report = load(path, where, _FIX)
    if about is not None:
        refuse_other(report, about, several=False, where=where)
    return Base(report, where)
