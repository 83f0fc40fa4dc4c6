"""contract.yaml as text: writing a contract, and parsing a stored one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from gate.errors import CassetteError
from gate.model import Json
from gate.wire import strict_yaml
from gate.wire.strict_yaml import Dialect, Yaml11

# chosen: a contract lists each path once; a file beyond this is no contract.
MAX_BYTES = 16 * 1024 * 1024

_FIX = "`gate verify --write` derives it again"
# No aliases: a pull request may change this file, and aliases of aliases expand to gigabytes.
_DIALECT = Dialect(Yaml11, CassetteError, _FIX, max_bytes=MAX_BYTES, max_depth=40, max_expanded=0)

# The facts of an answer that are compared as a whole; fields, headers and params are compared one by one.
FACTS = ("endpoint", "status", "media_type", "events", "error", "tools", "vectors", "usage")
_OF_AN_ANSWER = {*FACTS, "headers", "params", "fields"}


class Flow(dict[str, Json]):
    """A mapping that is written on one line."""


class FlowList(list[Json]):
    """A list that is written on one line."""


# libyaml where PyYAML has it: goldens are written in one go, and pure Python takes several times as long.
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


def parse(text: str | bytes, where: str = "contract.yaml") -> Mapping[str, Json]:
    """A contract's text as a mapping. Raises CassetteError where it is none."""
    document = strict_yaml.parse(text, where, _DIALECT)
    if not isinstance(document, dict):
        raise CassetteError("not a contract: the document is not a mapping", where=where, fix=_FIX)
    if problem := _problem(document):
        raise CassetteError(f"not a contract: {problem}", where=where, fix=_FIX)
    return document


def steps(contract: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The parts of a contract, one per step."""
    parts = contract.get("steps")
    return parts if isinstance(parts, list) else [contract]


def _problem(document: Mapping[str, Any]) -> str:
    """Why a mapping is not a contract; empty where it is one."""
    parts = steps(document)
    for step in parts:
        if not isinstance(step, dict) or not all(isinstance(step.get(key, {}), dict) for key in ("fields", "params")):
            return "`fields` and `params` of each step must be mappings"
    return (
        ""
        if any(step.keys() & _OF_AN_ANSWER for step in parts)
        else "it has no field that describes an answer, such as `status` or `fields`"
    )
