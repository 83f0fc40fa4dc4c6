"""`gate check` on a gateway that stands between the replay server and the suite: its options, and the run."""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import click

from gate import __version__
from gate.cli._address import listening_at
from gate.cli._keys import hidden
from gate.errors import CassetteError, ConfigError
from gate.hermetic.bench import Place, gateway, goldens_of, placed, standing
from gate.hermetic.cells import cells
from gate.hermetic.upstream import Upstream
from gate.model import Config, Exchange, Json, Route, Scenario, Timeouts
from gate.model.sides import Side
from gate.redact.kinds import DUMMY_KEY
from gate.replay import fault_file
from gate.replay.scripts import Rule
from gate.run.check import Check, Checked
from gate.run.job import Job
from gate.store.sides import load_side, nearby
from gate.text.safe import line

SLOW = "slow"
"""The usual faults, and a minute of silence."""

MAX_LOAD = 400
"""Streams at once: the replay server takes 500 connections."""

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says of the bench; each overrides the route."""

    upstream: Path | None = None
    listen: str | None = None
    faults: str | None = None
    strict: bool = False
    load: int = 0

    def route(self, route: Route) -> Route:
        """The route under these options."""
        faults = self.faults if self.faults in (None, "none", SLOW) else str(Path(self.faults).resolve())
        upstream = str(self.upstream.resolve()) if self.upstream else route.upstream
        return replace(
            route,
            upstream=upstream,
            listen=self.listen or route.listen,
            faults=faults or route.faults,
            strict=self.strict or route.strict,
            load=self.load or route.load,
        )


def hermetic_options(command: F) -> F:
    """`--upstream`, `--listen`, `--faults`, `--load` and `--strict` as `options`."""

    @functools.wraps(command)
    def with_options(
        upstream: Path | None, listen: str | None, faults: str | None, strict: bool, load: int | None, **others: Any
    ) -> int:
        done: int = command(options=Options(upstream, listen, faults, strict, load or 0), **others)
        return done

    decorated: Any = with_options
    for option in (
        click.option("--strict", is_flag=True, help="The upstream refuses fields that the API does not know."),
        click.option(
            "--load",
            type=click.IntRange(2, MAX_LOAD),
            metavar="N",
            help="So many streams at once, through a gateway.",
        ),
        click.option(
            "--faults",
            metavar="FILE|none|slow",
            help="faults.yaml instead of the usual faults of the upstream; `slow`: a minute of silence as well.",
        ),
        click.option(
            "--listen", metavar="HOST:PORT", help="Where the upstream listens, for a gateway that is started elsewhere."
        ),
        click.option(
            "--upstream",
            type=click.Path(path_type=Path, file_okay=False),
            metavar="DIR",
            help="Goldens that stand upstream of a gateway: both of its sides are judged, offline.",
        ),
    ):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]


# -- before -------------------------------------------------------------------------------------


@contextlib.contextmanager
def place_of(config: Config, name: str, options: Options) -> Iterator[Place | None]:
    """Where the bench of a route is; None for a route that is no gateway of a hermetic check."""
    route = config.routes.get(name)
    if route is None or not options.route(route).upstream:
        if options.listen or options.faults or options.strict or options.load:
            raise ConfigError(
                f"the route {line(name)} has no upstream",
                where="--listen, --faults, --load, --strict",
                fix="name one: --upstream golden/",
            )
        yield None
        return
    where = "--listen" if options.listen else f"routes.{name}.listen"
    with placed(*listening_at(options.route(route).listen or None, where=where)) as place:
        yield place


def on_bench(config: Config, name: str, options: Options, place: Place, golden: Side) -> Config:
    """The configuration with the route as it stands on the bench: places filled in, and the models of the goldens where
    it names none."""
    route = place.filled(options.route(config.routes[name]))
    return replace(
        config, routes={**config.routes, name: replace(route, models=route.models or _models(config, golden))}
    )


def _models(config: Config, golden: Side) -> dict[str, str]:
    baseline = config.routes.get("baseline")
    asked = models_asked(golden)
    return (dict(baseline.models) if baseline else {}) if asked is None else asked


def models_asked(golden: Side) -> dict[str, str] | None:
    """Role → model, as the goldens were asked for; None where they don't say."""
    recorded = golden.facts.get("models")
    asked = recorded.get("asked") if isinstance(recorded, dict) else None
    if not isinstance(asked, dict):
        return None
    return {str(role): model for role, model in asked.items() if isinstance(model, str)}


def upstream_of(job: Job, golden: Side) -> Side:
    """The goldens that stand upstream: usually those that judge."""
    folder = nearby(Path(job.config.root, job.config.routes[job.route.name].upstream))
    if folder.resolve() == job.golden.resolve():
        return golden
    side = load_side(folder)
    if not side.exchanges:
        raise CassetteError("no cassette in it", where=str(folder), fix="record goldens first: gate record")
    return side


# -- the run ------------------------------------------------------------------------------------


def extended(
    check: Check, upstream: Side, rules: tuple[Rule, ...] | None, *, silent: bool = False, load: int = 0
) -> tuple[Check, tuple[Any, ...], dict[str, tuple[Exchange, ...]]]:
    """The check with what a gateway is asked beyond the suite; its cells, and their goldens."""
    made = cells(check.scenarios, upstream.exchanges, rules, silent=silent, load=load)
    goldens = goldens_of(made, upstream.exchanges)
    fitting = tuple(cell for cell in made if cell.scenario.id in goldens)
    golden = replace(check.golden, exchanges={**check.golden.exchanges, **goldens})
    scenarios = (*_single(check.scenarios), *(cell.scenario for cell in fitting))
    # Sent once: the upstream plays the same bytes each time.
    plan = replace(check.plan, confirm=0)
    patient = replace(check.route, timeouts=longer(check.route.timeouts, goldens))
    return replace(check, scenarios=scenarios, golden=golden, plan=plan, route=patient), fitting, goldens


def longer(timeouts: Timeouts, goldens: Mapping[str, Sequence[Exchange]]) -> Timeouts:
    """Timeouts that outlast the silence of every cell: whether the gateway waits is the question, not whether we do."""
    silence = max((gap for every in goldens.values() for exchange in every for gap in _gaps(exchange)), default=0.0)
    least = 2 * silence + _PATIENCE if silence > _PATIENCE else 0.0
    first, between, total = (max(one, least) for one in (timeouts.first_byte, timeouts.between_chunks, timeouts.total))
    return replace(timeouts, first_byte=first, between_chunks=between, total=total)


def _gaps(exchange: Exchange) -> Iterator[float]:
    """Seconds between what comes of an answer."""
    times = [0.0, *(at for at in [exchange.first_byte_ms] if at is not None), *(c.at_ms for c in exchange.chunks)]
    return ((later - earlier) / 1000 for earlier, later in pairwise(times))


_PATIENCE = 20.0  # seconds; chosen: below every timeout that a route has by default


def _single(scenarios: Any) -> tuple[Scenario, ...]:
    """Without bursts: a load is asked for by its own option."""
    return tuple(s for s in scenarios if all(step.repeat == 1 for step in s.steps))


def rules_of(route: Route, root: str, scenarios: Any) -> tuple[Rule, ...] | None:
    """The faults of a route: None for the usual ones."""
    if route.faults in ("", SLOW):
        return None
    return () if route.faults == "none" else fault_file.load(Path(root, route.faults), scenarios)


def run_between(
    check: Check, job: Job, place: Place, golden: Side, ask: Callable[[Check], Checked]
) -> tuple[Checked, Check]:
    """Starts both sides, asks the gateway, and ends both; with what passed it. `ask` runs a check to its end."""
    route = job.config.routes[job.route.name]
    upstream = upstream_of(job, golden)
    rules = rules_of(route, job.config.root, upstream.exchanges)
    wider, fitting, goldens = extended(check, upstream, rules, silent=route.faults == SLOW, load=route.load)
    stands = Upstream(upstream.exchanges, strict=route.strict)
    with standing(place, stands, fitting) as bench:
        wider = replace(wider, watch=bench.watch, key=check.key or DUMMY_KEY)
        with gateway(place, route, dict(os.environ), hidden(job.config), Path(job.config.root), check.scrubber):
            checked = ask(wider)
    known: dict[str, Json] = {
        "route": route.name,
        "date": check.today.isoformat(),
        "gate": __version__,
        "run": check.run_id,
    }
    files = checked.files.with_texts(bench.files(known, goldens, check.scrubber))
    return replace(checked, files=files, notes=(*checked.notes, *map(check.scrubber.text, bench.notes()))), wider
