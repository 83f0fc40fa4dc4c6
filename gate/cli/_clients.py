"""`--sdk`: the SDKs in use read both sides, and findings say what they did."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from gate.errors import ConfigError
from gate.model import Config
from gate.sdk.clients import Clients, prepared
from gate.sdk.upgrades import configured, locked
from gate.sdk.versions import Version

NONE_IN_USE = "neither gate.yaml nor a lock file names an SDK that there is a driver for"

F = TypeVar("F", bound=Callable[..., Any])


def sdk_option(command: F) -> F:
    """`--sdk`, and the Nodes to ask Node SDKs on."""
    node = click.option("--node", "nodes", multiple=True, metavar="MAJOR", help="Node versions for --sdk. Repeatable.")
    return click.option(
        "--sdk", is_flag=True, help="Replay both sides to the SDKs in use, and say what each of them does."
    )(node(command))


def in_use(loaded: Config | None) -> Mapping[str, Version]:
    """The SDKs that gate.yaml's `sdk` names, else those of the lock files."""
    return configured(loaded.sdk) if loaded and loaded.sdk else locked(Path(loaded.root) if loaded else Path())


def clients(wanted: bool, nodes: Sequence[str], loaded: Config | None) -> Clients:
    """The SDKs in use, installed, where they are wanted; before anything else is done, since it may be refused."""
    if not wanted:
        if nodes:
            raise ConfigError("it says where Node SDKs are asked, and none is", where="--node", fix="add --sdk")
        return Clients()
    if found := in_use(loaded):
        return prepared(tuple(found.values()), on=nodes)
    fix = "name one in gate.yaml: sdk: {python: openai==3.57.0}"
    raise ConfigError(NONE_IN_USE, where="--sdk", fix=fix)
