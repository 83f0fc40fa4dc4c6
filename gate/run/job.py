"""Everything that a run needs, put together from the configuration and the command line."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gate.config import gate_yaml
from gate.errors import ConfigError
from gate.inventory.lock_files import versions
from gate.model import Config, Limits, Route, Scenario
from gate.redact.scrub import Scrubber
from gate.run.preflight import check_base_url
from gate.store.sides import nearby
from gate.suite import load_suite
from gate.text.nearest import suggest


@dataclass(frozen=True, slots=True)
class Job:
    """A run before it starts. `warnings` are for the user."""

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
        """The folder of the goldens, relative to the working directory where it is below that."""
        return nearby(Path(self.config.root, self.config.golden))


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
    """The job for one route of the configuration. Raises ConfigError for anything missing or misspelt."""
    chosen = _route(config, route, base_url, environ)
    root = Path(config.root)
    # a suite of the command line says itself what is in it
    names, without = (suite, ()) if suite else (config.suite, config.left_out)
    scenarios = load_suite(names, root, without, min_seconds=min_seconds)
    key = gate_yaml.api_key(chosen, environ)
    return Job(
        config=config,
        route=chosen,
        key=key,
        scenarios=_only(scenarios, scenario),
        limits=replace(config.limits, max_requests=max_requests or config.limits.max_requests),
        # A gateway may repeat any of these in an error message, so they are looked for in every answer.
        scrubber=Scrubber((*((key,) if key else ()), *_filled(config.routes[route], chosen)), config.redact),
        versions=versions(root),
        # 48 bits: runs of one team never share an id, and nobody needs to keep it secret.
        run_id=secrets.token_hex(6),
        warnings=check_base_url(chosen)[1],
    )


def _route(config: Config, name: str, base_url: str | None, environ: dict[str, str]) -> Route:
    if name not in config.routes:
        fix = suggest(name, config.routes) if config.routes else "add it under `routes`"
        raise ConfigError(f"there is no route {name}", where="gate.yaml: routes", fix=fix)
    route = config.routes[name]
    if base_url is not None:  # checked before variables are resolved, so that the error shows it as given
        route = check_base_url(replace(route, base_url=base_url))[0]
    return check_base_url(gate_yaml.resolve(route, environ))[0]


def _filled(written: Route, resolved: Route) -> Iterator[str]:
    """Values of variables in headers and query: secrets like the key, which a gateway may echo."""
    for texts, values in ((written.headers, resolved.headers), (written.query, resolved.query)):
        yield from (values[name] for name, text in texts.items() if values[name] != text)


def _only(scenarios: tuple[Scenario, ...], wanted: Sequence[str]) -> tuple[Scenario, ...]:
    known = {scenario.id: scenario for scenario in scenarios}
    for name in wanted:
        if name not in known:
            raise ConfigError(f"the suite has no scenario {name}", where="--scenario", fix=suggest(name, known))
    return tuple(known[name] for name in dict.fromkeys(wanted)) if wanted else scenarios
