"""Folders of cassettes → the sides of a comparison."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from gate import cassette
from gate.errors import CassetteError
from gate.judge import Side
from gate.model import Exchange, Json, Status

NOT_SERVED = "not-served.yaml"


def load_side(folder: Path, *, honour_states: bool = False) -> Side:
    """Every cassette below a folder (or one file), with the facts that the report shows of the route.

    `honour_states` reads `not-served.yaml` as the states of scenarios that were not run.
    """
    exchanges: dict[str, tuple[Exchange, ...]] = {}
    facts: dict[str, Json] = {}
    files: dict[str, str] = {}
    twins: dict[str, str] = {}
    for name, path in cassette.scan(folder).items():
        loaded = cassette.load(path)
        exchanges[name], files[name] = loaded.exchanges, str(path)
        facts = facts or {key: value for key, value in loaded.facts.items() if key != "twin"}
        if isinstance(loaded.facts.get("twin"), str):
            twins[name] = loaded.facts["twin"]
    states: Mapping[str, tuple[Status, str]] = {}
    if honour_states:
        states = {name: ("skipped", why) for name, why in not_served(folder).items() if name not in exchanges}
    return Side(exchanges, {"path": str(folder), **facts}, files, twins, states)


def not_served(folder: Path) -> dict[str, str]:
    """Scenario → reason, from a folder's `not-served.yaml`."""
    path = folder / NOT_SERVED
    if not path.is_file():
        return {}
    try:
        found = yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    except (OSError, ValueError, yaml.YAMLError, RecursionError) as error:
        raise CassetteError("can't be read as YAML", where=str(path), fix="record again") from error
    if not isinstance(found, dict):
        raise CassetteError("must map a scenario to a reason", where=str(path), fix="record again")
    return {str(name): str(why) for name, why in found.items()}


def one_pair(golden: Side, candidate: Side) -> Side:
    """Two single files are the same scenario, whatever they are called."""
    if len(golden.exchanges) == len(candidate.exchanges) == 1 and not {*golden.exchanges} & {*candidate.exchanges}:
        name = next(iter(golden.exchanges))
        found = next(iter(candidate.exchanges.values()))
        file = next(iter(candidate.files.values()))
        return Side({name: found}, candidate.facts, {name: file})
    return candidate
