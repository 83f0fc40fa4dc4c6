"""`--config` and `--fail-on`: the policy under which a command judges."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from gate.config import gate_yaml
from gate.errors import ConfigError
from gate.model import Config, Policy, Severity
from gate.reports.words.rule_page import ADDRESS

F = TypeVar("F", bound=Callable[..., Any])
DEFAULT = Path("gate.yaml")
RULES_URL = "GATE_RULES_URL"
_ADDRESS = 500  # characters, as for gate.yaml's


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
    """The policy of the configuration named, of gate.yaml where there is one, or the default. Raises ConfigError."""
    loaded = optional_config(config)
    return overridden(loaded.policy if loaded else Policy(), fail_on)


def optional_config(config: Path | None) -> Config | None:
    """The configuration named, or gate.yaml where there is one. Raises ConfigError."""
    # A file that was named must exist (`load` says so); gate.yaml may be missing, as `gate diff` needs none.
    path = config or (DEFAULT if DEFAULT.is_file() else None)
    return gate_yaml.load(path) if path else None


def overridden(policy: Policy, fail_on: str | None) -> Policy:
    """The policy with the command line's `--fail-on`, and the address of the rules' pages from the environment where
    gate.yaml has none. Raises ConfigError."""
    if not policy.rules_url and (address := os.environ.get(RULES_URL)):
        if len(address) > _ADDRESS or not ADDRESS.fullmatch(address):
            fix = "write it like https://docs.example.com/rules/{rule}"
            raise ConfigError(f"the variable {RULES_URL} holds no address with {{rule}} in it", fix=fix)
        policy = replace(policy, rules_url=address)
    if fail_on is None:
        return policy
    return replace(policy, fail_on=None if fail_on == "never" else Severity[fail_on.upper()])


def golden_folder(config: Path | None) -> Path:
    """The folder of goldens that the configuration names; `golden` without one."""
    if config is None and not DEFAULT.is_file():
        return Path("golden")
    loaded = load_config(config)
    return Path(loaded.root, loaded.golden)


def load_config(config: Path | None) -> Config:
    """The configuration named, or gate.yaml. Raises ConfigError where there is none."""
    return gate_yaml.load(config or DEFAULT)
