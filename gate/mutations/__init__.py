"""Known real-world drifts as operators on a recorded exchange, each with its benign twin; found by their place.

The id equals the file name with dashes, the folder is the area. A module whose name starts with an underscore holds
what several mutations share. Everything here is pure, deterministic, and total on hostile exchanges.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType

from gate.model import Area, Exchange, Severity

Operator = Callable[[Exchange], Exchange | None]
"""An exchange as it would be with the drift; None where the drift does not fit it."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """One known drift. `apply` shows it, `twin` shows what looks like it and is harmless.

    `drifts` are ids of the catalogue of real drifts. A judge owes a finding of `severity` or above, of `area` or a
    neighbour of it. `exercised_by` names built-in scenarios whose goldens it fits.
    """

    id: str
    drifts: tuple[str, ...]
    area: Area
    severity: Severity
    summary: str
    apply: Operator
    twin: Operator
    exercised_by: tuple[str, ...]


DEMO: tuple[tuple[str, str], ...] = (
    ("usage-missing", "chat-stream-usage"),
    ("finish-missing", "tool-forced-stream"),
    ("arguments-object", "tool-forced"),
    ("error-type-changed", "error-bad-key"),
    ("vector-width", "embed"),
)
"""(mutation, scenario) of the drifting route of `gate demo`."""


@functools.cache
def mutations() -> Mapping[str, Mutation]:
    """Every mutation by its id, sorted."""
    return dict(sorted((mutation.id, mutation) for mutation in _load()))


def _load() -> Iterator[Mutation]:
    for area in pkgutil.iter_modules(__path__):
        if area.ispkg:
            package = importlib.import_module(f"{__name__}.{area.name}")
            for module in pkgutil.iter_modules(package.__path__):
                if not module.name.startswith("_"):
                    yield _mutation(importlib.import_module(f"{package.__name__}.{module.name}"))


def _mutation(module: ModuleType) -> Mutation:
    found: Mutation = module.MUTATION
    area, name = module.__name__.split(".")[-2:]
    if (found.area, found.id) != (area, name.replace("_", "-")):
        raise TypeError(f"{module.__file__}: the mutation calls itself {found.area}/{found.id}, the file {area}/{name}")
    return found
