"""What `record`, `refresh` and `check` share: their options, the scenarios of a run, and its progress on a terminal."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import shutil
import sys
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

import click

from gate.cli._policy import load_config
from gate.model import Config
from gate.run.job import Job, prepare
from gate.run.pace import MAX_LIMITED
from gate.run.plan import plan
from gate.run.retries import MAX_RETRIES
from gate.run.runner import Progress

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Selection:
    """What of the suite is sent, and how much of it: the options `--scenario`, `--suite` and so on."""

    scenario: tuple[str, ...]
    suite: tuple[str, ...]
    max_requests: int | None
    min_seconds: float | None

    def job(self, config: Path | None, route: str, base_url: str | None) -> Job:
        """The job on a route of the configuration. Raises ConfigError."""
        return self.job_of(load_config(config), route, base_url)

    def job_of(self, config: Config, route: str, base_url: str | None) -> Job:
        """The job on a route of a configuration that is read already. Raises ConfigError."""
        return prepare(config, route, base_url=base_url, environ=dict(os.environ), **asdict(self))


def run_options(command: Callable[..., int]) -> Callable[..., int]:
    """`--scenario`, `--suite`, `--max-requests` and `--min-seconds` as `selection`, and `--dry-run`."""

    @functools.wraps(command)
    def selecting(
        scenario: tuple[str, ...],
        suite: tuple[str, ...],
        max_requests: int | None,
        min_seconds: float | None,
        **options: Any,
    ) -> int:
        return command(selection=Selection(scenario, suite, max_requests, min_seconds), **options)

    decorated: Callable[..., int] = selecting
    for option in (
        click.option("--dry-run", is_flag=True, help="List requests and an upper bound of tokens; send nothing."),
        click.option("--max-requests", type=click.IntRange(1), help="Send no more than this; overrides the limits."),
        click.option(
            "--min-seconds",
            type=click.FloatRange(0, min_open=True),
            help="How long the slow scenarios must last (60 to 180).",
        ),
        click.option("--suite", multiple=True, help="A suite or scenario file instead of the configured. Repeatable."),
        click.option("--scenario", "--only", "-s", multiple=True, help="Only this scenario. Repeatable."),
    ):
        decorated = option(decorated)
    return decorated


def show_plan(job: Job, samples: int, confirm: int = 0, *, beside: bool = False) -> None:
    """What would be sent, for `--dry-run`: `confirm` samples more of what drifts, and all of it on the baseline too."""
    planned = plan(job.scenarios, job.route, samples)
    width = max((len(row.scenario) for row in planned.scenarios), default=0)
    for row in planned.scenarios:
        tokens = "unbounded" if row.tokens is None else f"at most {row.tokens} tokens"
        click.echo(f"{row.scenario:<{width}}  {row.skipped or f'{row.requests} requests, {tokens}'}")
    unbounded = f" (and {len(planned.unbounded)} unbounded)" if planned.unbounded else ""
    total = f"{planned.requests} requests, {samples} samples, at most {planned.tokens} tokens{unbounded}"
    click.echo(f"{len(planned.scenarios)} scenarios on {job.route.name}: {total}")
    if confirm:
        more = plan(job.scenarios, job.route, confirm)
        closing = "and a closing chat or two, if everything drifts"
        click.echo(f"{'':4}and at most {more.requests} more, {more.tokens} tokens, {closing}")
    if beside:
        click.echo(f"{'':4}and on the baseline, for its times: at most {planned.requests}, {planned.tokens} tokens")
    click.echo(
        f"{'':4}a lost connection or a 503 is asked again, at most {MAX_RETRIES} times, a 429 {MAX_LIMITED} times"
    )


# -- running ------------------------------------------------------------------------------------


def finish(job: Coroutine[Any, Any, T]) -> T:
    """Run to the end on an event loop of its own."""
    # The thread that reads sockets needs the interpreter at once: by default a time may be 5 ms late.
    sys.setswitchinterval(0.00005)
    return asyncio.run(job)


@contextlib.contextmanager
def progress(title: str) -> Iterator[Callable[[Progress], None] | None]:
    """A bar for a run on a terminal; nothing where standard error goes to a file or a CI log."""
    with bar(title) as update:
        if update is None:
            yield None
            return
        show = update

        def told(event: Progress) -> None:
            words = {"retry": f"waiting {event.wait:.0f} s for {event.scenario}"}
            show(event.done, event.total, words.get(event.kind, title))

        yield told


class Update(Protocol):
    """Moves a bar to so many of so many, perhaps with other words beside it."""

    def __call__(self, done: int, total: int, words: str = "") -> None: ...


@contextlib.contextmanager
def bar(title: str) -> Iterator[Update | None]:
    """A bar on a terminal; nothing where standard error goes to a file or a CI log."""
    # In a CI log a bar is thousands of lines of control characters.
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(
        length=1, label=title, file=sys.stderr, width=30, show_eta=False, show_percent=False, show_pos=True
    ) as shown:

        def update(done: int, total: int, words: str = "") -> None:
            # a line that is longer than the terminal would be two, and click keeps the widest
            room = shutil.get_terminal_size().columns - _BAR
            shown.pos, shown.length, shown.label = done, total, (words or title)[: max(room, 10)]
            shown.render_progress()

        yield update
    # the bar is of no use once the run is over, and what follows is
    sys.stderr.write(_LINE_ABOVE_GONE)


_BAR = 46  # columns beside the words: thirty of the bar, brackets, blanks and a count
_LINE_ABOVE_GONE = "\x1b[1A\x1b[2K\r"  # ECMA-48: CUU, EL


def warn(lines: Sequence[str]) -> None:
    """Notes go to standard error, so that a report on standard output stays whole."""
    for line in lines:
        click.echo(f"note: {line}", err=True)
