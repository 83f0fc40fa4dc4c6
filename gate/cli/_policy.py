"""`--config` and `--fail-on`: the policy under which a command judges."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from gate.cli._sides import not_served
from gate.config import load as configuration
from gate.judge.depends_on import check_depends_on
from gate.judge.policy import check_names
from gate.judge.report import Side, observed
from gate.model import Config, Policy, Severity
from gate.rules import rules
from gate.store import cassette
from gate.suite import load_suite

F = TypeVar("F", bound=Callable[..., Any])
DEFAULT = Path("gate.yaml")


def config_option(command: F) -> F:
    """`--config PATH`."""
    return click.option(
        "--config", type=click.Path(path_type=Path), default=None, help="The configuration; gate.yaml by default."
    )(command)


def policy_option(command: F) -> F:
    """`--config` and `--fail-on`."""
    option = click.option(
        "--fail-on", type=click.Choice(["breaking", "risky", "never"]), default=None, help="Overrides policy.fail_on."
    )
    return config_option(option(command))


def settle(config: Path | None, fail_on: str | None) -> Policy:
    """The policy of the configuration named, of gate.yaml where there is one, or the default."""
    known = found(config)
    return overridden(known.policy if known else Policy(), fail_on)


def found(config: Path | None) -> Config | None:
    """The configuration named, or gate.yaml where there is one."""
    path = config or (DEFAULT if DEFAULT.is_file() else None)
    return configuration.load(path) if path else None


def overridden(policy: Policy, fail_on: str | None) -> Policy:
    """The policy with the command line's `--fail-on`."""
    if fail_on is None:
        return policy
    return replace(policy, fail_on=None if fail_on == "never" else Severity[fail_on.upper()])


def known_scenarios(config: Config | None, golden: Side) -> set[str]:
    """All scenarios that exist: those of the suite, and those that have a golden where the configuration keeps them."""
    found = {*golden.files, *golden.exchanges, *golden.states}
    if config is None:
        return found
    folder = Path(config.root, config.golden)
    stored = cassette.scan(folder) if folder.is_dir() else {}
    return {*found, *stored, *not_served(folder), *(one.id for one in load_suite(config.suite, Path(config.root)))}


def promise(policy: Policy, golden: Side, known: Collection[str]) -> None:
    """ConfigError where the policy names a rule, a scenario or a path that does not exist: told before a run, because
    afterwards it was paid for."""
    check_names(policy, rules(), known)
    check_depends_on(policy.depends_on, (one for group in golden.exchanges.values() for one in observed(group)))


def load_config(config: Path | None) -> Config:
    """The configuration named, or gate.yaml. Raises ConfigError where there is none."""
    return configuration.load(config or DEFAULT)
