"""What `record`, `refresh` and `check` share: their options, the scenarios of a run, and its progress on a terminal."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import sys
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import click

from gate.cli._sides import nearby
from gate.config import load as configuration
from gate.errors import ConfigError
from gate.inventory.lock_files import versions
from gate.model import Config, Limits, Route, Scenario
from gate.redact.scrub import Scrubber
from gate.run.attempts import MAX_RETRIES
from gate.run.plan import plan
from gate.run.preflight import check_base_url
from gate.run.runner import Progress
from gate.store.yaml_file import suggest
from gate.suite import load_suite

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Job:
    """A run that is about to happen: everything that comes from the configuration and the command line."""

    config: Config
    route: Route
    key: str | None
    scenarios: tuple[Scenario, ...]
    limits: Limits
    scrubber: Scrubber
    versions: dict[str, str]
    run_id: str
    warnings: tuple[str, ...]

    @property
    def golden(self) -> Path:
        return nearby(Path(self.config.root, self.config.golden))


def run_options(command: F) -> F:
    """`--scenario`, `--suite`, `--max-requests`, `--min-seconds` and `--dry-run`."""
    for option in (
        click.option("--dry-run", is_flag=True, help="List requests and an upper bound of tokens; send nothing."),
        click.option("--max-requests", type=click.IntRange(1), help="Send no more than this; overrides the limits."),
        click.option(
            "--min-seconds",
            type=click.FloatRange(0, min_open=True),
            help="How long the slow scenarios must last (60 to 180).",
        ),
        click.option("--suite", multiple=True, help="A suite or scenario file instead of the configured. Repeatable."),
        click.option("--scenario", "-s", multiple=True, help="Only this scenario. Repeatable."),
    ):
        command = option(command)
    return command


def prepare(
    config: Config,
    route: str,
    *,
    base_url: str | None = None,
    scenario: Sequence[str] = (),
    suite: Sequence[str] = (),
    max_requests: int | None = None,
    min_seconds: float | None = None,
    environ: dict[str, str],
) -> Job:
    """The job for one route of the configuration. Raises ConfigError for anything that is missing or misspelt."""
    chosen = _route(config, route, base_url, environ)
    root = Path(config.root)
    scenarios = load_suite(suite or config.suite, root, min_seconds=min_seconds)
    key = configuration.api_key(chosen, environ)
    return Job(
        config=config,
        route=chosen,
        key=key,
        scenarios=_only(scenarios, scenario),
        limits=replace(config.limits, max_requests=max_requests or config.limits.max_requests),
        scrubber=Scrubber((*((key,) if key else ()), *_filled(config.routes[route], chosen)), config.redact),
        versions=versions(root),
        run_id=secrets.token_hex(6),
        warnings=check_base_url(chosen)[1],
    )


def _route(config: Config, name: str, base_url: str | None, environ: dict[str, str]) -> Route:
    if name not in config.routes:
        fix = suggest(name, config.routes) if config.routes else "add it under `routes`"
        raise ConfigError(f"there is no route {name}", where="gate.yaml: routes", fix=fix)
    found = config.routes[name]
    if base_url is not None:  # first on its own, so that no error points at gate.yaml
        found = check_base_url(replace(found, base_url=base_url))[0]
    return check_base_url(configuration.resolve(found, environ))[0]


def _filled(written: Route, resolved: Route) -> Iterator[str]:
    """What came from variables into headers and query: as secret as the key, and a gateway may echo it."""
    for texts, values in ((written.headers, resolved.headers), (written.query, resolved.query)):
        yield from (values[name] for name, text in texts.items() if values[name] != text)


def _only(scenarios: tuple[Scenario, ...], wanted: Sequence[str]) -> tuple[Scenario, ...]:
    known = {scenario.id: scenario for scenario in scenarios}
    for name in wanted:
        if name not in known:
            raise ConfigError(f"the suite has no scenario {name}", where="--scenario", fix=suggest(name, known))
    return tuple(known[name] for name in dict.fromkeys(wanted)) if wanted else scenarios


def show_plan(job: Job, samples: int, confirm: int = 0, *, beside: bool = False) -> None:
    """What would be sent, for `--dry-run`: `confirm` samples more of what drifts, and all of it on the baseline too."""
    planned = plan(job.scenarios, job.route, samples)
    width = max((len(one.scenario) for one in planned.scenarios), default=0)
    for one in planned.scenarios:
        tokens = "unbounded" if one.tokens is None else f"at most {one.tokens} tokens"
        click.echo(f"{one.scenario:<{width}}  {one.skipped or f'{one.requests} requests, {tokens}'}")
    unbounded = f" (and {len(planned.unbounded)} unbounded)" if planned.unbounded else ""
    total = f"{planned.requests} requests, {samples} samples, at most {planned.tokens} tokens{unbounded}"
    click.echo(f"{len(planned.scenarios)} scenarios on {job.route.name}: {total}")
    if confirm:
        more = plan(job.scenarios, job.route, confirm)
        closing = "and a closing chat or two, if everything drifts"
        click.echo(f"{'':4}and at most {more.requests} more, {more.tokens} tokens, {closing}")
    if beside:
        click.echo(f"{'':4}and on the baseline, for its times: at most {planned.requests}, {planned.tokens} tokens")
    click.echo(f"{'':4}a lost connection, a 429 or a 503 is asked again, at most {MAX_RETRIES} times")


# -- running ------------------------------------------------------------------------------------


def finish(job: Coroutine[Any, Any, T]) -> T:
    """Run to the end on an event loop of its own."""
    return asyncio.run(job)


@contextlib.contextmanager
def progress(title: str) -> Iterator[Callable[[Progress], None] | None]:
    """A bar on a terminal; nothing where standard error goes to a file or a CI log."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as bar:
        task = bar.add_task(title, total=None)

        def told(event: Progress) -> None:
            words = {"retry": f"waiting {event.wait:.0f} s for {event.scenario}", "done": title}
            bar.update(task, completed=event.done, total=event.total, description=words.get(event.kind, title))

        yield told


def warn(lines: Sequence[str]) -> None:
    """Notes go to standard error, so that a report on standard output stays whole."""
    for line in lines:
        click.echo(f"note: {line}", err=True)
