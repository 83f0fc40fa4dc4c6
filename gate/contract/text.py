"""contract.yaml as text: how a contract is written, and how a stored one is read back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from gate.errors import CassetteError
from gate.model import Json


class Flow(dict[str, Json]):
    """A mapping that is written on one line."""


class FlowList(list[Json]):
    """A list that is written on one line."""


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    pass


_Dumper.add_representer(FlowList, lambda d, v: d.represent_sequence("tag:yaml.org,2002:seq", v, flow_style=True))
_Dumper.add_representer(Flow, lambda d, v: d.represent_mapping("tag:yaml.org,2002:map", v.items(), flow_style=True))


def write(contract: Mapping[str, Json]) -> str:
    """A contract as YAML, in the order given."""
    text: str = yaml.dump(
        dict(contract), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000, default_flow_style=False
    )
    return text


def parse(text: str, where: str = "contract.yaml") -> Mapping[str, Json]:
    """A contract's text as a mapping. CassetteError where it is none."""
    try:
        document = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise CassetteError("no YAML", where=where, fix="`gate verify --write` derives it again") from error
    if not isinstance(document, dict):
        raise CassetteError("no contract: the document is no mapping", where=where, fix="`gate verify --write`")
    if problem := _problem(document):
        raise CassetteError(f"no contract: {problem}", where=where, fix="`gate verify --write` derives it again")
    return document


def _problem(document: Mapping[str, Any]) -> str:
    """What keeps a mapping from being a contract; empty when nothing does."""
    if not _plain(document):
        return "every key must be a text, and nothing may be an alias"
    parts = steps(document)
    for step in parts:
        if not isinstance(step, dict) or not all(isinstance(step.get(key, {}), dict) for key in ("fields", "params")):
            return "`fields` and `params` of each step must be mappings"
    return "" if any(step.keys() & COMPARED for step in parts) else "it says nothing of an answer"


def _plain(document: Json) -> bool:
    """Whether all keys are texts. An alias stands for a value that was there already, perhaps around itself."""
    seen: set[int] = set()
    left = [document]
    while left:
        value = left.pop()
        if not isinstance(value, dict | list):
            continue
        if id(value) in seen or (isinstance(value, dict) and not all(isinstance(key, str) for key in value)):
            return False
        seen.add(id(value))
        left += value.values() if isinstance(value, dict) else value
    return True


SAID = ("endpoint", "status", "media_type", "events", "error", "tools", "vectors", "usage")

COMPARED = {*SAID, "headers", "params", "fields"}


def steps(contract: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    steps = contract.get("steps")
    return steps if isinstance(steps, list) else [contract]
