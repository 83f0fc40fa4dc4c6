"""contract.yaml as text: how a contract is written, and how a stored one is read back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from gate.errors import CassetteError
from gate.model import Json
from gate.wire import strict_yaml
from gate.wire.strict_yaml import Dialect, Yaml11

MAX_BYTES = 16 * 1024 * 1024

_FIX = "`gate verify --write` derives it again"
_DIALECT = Dialect(Yaml11, CassetteError, _FIX, max_bytes=MAX_BYTES, max_depth=40, max_expanded=0)


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


def parse(text: str | bytes, where: str = "contract.yaml") -> Mapping[str, Json]:
    """A contract's text as a mapping. Raises CassetteError where it is none."""
    document = strict_yaml.parse(text, where, _DIALECT)
    if not isinstance(document, dict):
        raise CassetteError("not a contract: the document is not a mapping", where=where, fix=_FIX)
    if problem := _problem(document):
        raise CassetteError(f"not a contract: {problem}", where=where, fix=_FIX)
    return document


def _problem(document: Mapping[str, Any]) -> str:
    """What keeps a mapping from being a contract; empty when nothing does."""
    parts = steps(document)
    for step in parts:
        if not isinstance(step, dict) or not all(isinstance(step.get(key, {}), dict) for key in ("fields", "params")):
            return "`fields` and `params` of each step must be mappings"
    return "" if any(step.keys() & COMPARED for step in parts) else "it describes no answer"


SAID = ("endpoint", "status", "media_type", "events", "error", "tools", "vectors", "usage")

COMPARED = {*SAID, "headers", "params", "fields"}


def steps(contract: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    steps = contract.get("steps")
    return steps if isinstance(steps, list) else [contract]
