"""contract.yaml as text: writing a contract, and parsing a stored one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from gate.errors import CassetteError
from gate.model import Json

FACTS = ("endpoint", "status", "media_type", "events", "error", "tools", "vectors", "usage")
_OF_AN_ANSWER = {*FACTS, "headers", "params", "fields"}


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
    """The contract in a text; `where` is its file, for errors. Raises CassetteError where it is not a contract."""
    try:
        document = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise CassetteError("not YAML", where=where, fix="`gate verify --write` derives it again") from error
    if not isinstance(document, dict):
        raise CassetteError("not a contract: the document is not a mapping", where=where, fix="`gate verify --write`")
    if problem := _problem(document):
        raise CassetteError(f"not a contract: {problem}", where=where, fix="`gate verify --write` derives it again")
    return document


def steps(contract: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The parts of a contract, one per step."""
    parts = contract.get("steps")
    return parts if isinstance(parts, list) else [contract]


def _problem(document: Mapping[str, Any]) -> str:
    """Why a mapping is not a contract; empty where it is one."""
    if not _plain(document):
        return "every key must be a string, and aliases are not allowed"
    parts = steps(document)
    for step in parts:
        if not isinstance(step, dict) or not all(isinstance(step.get(key, {}), dict) for key in ("fields", "params")):
            return "`fields` and `params` of each step must be mappings"
    return (
        ""
        if any(step.keys() & _OF_AN_ANSWER for step in parts)
        else "it has no field that describes an answer, such as `status` or `fields`"
    )


def _plain(document: Json) -> bool:
    """Whether all keys are strings and no value is an alias, which could contain itself."""
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
