"""Known real-world drifts as operators on a recorded exchange, each with its benign twin; found by their place.

A folder is an area, a file in it a subject: its operators, and at the end the table `MUTATIONS` with a row for each
mutation. The modules beside the folders hold what operators of several areas are made of. Everything here is pure,
deterministic, and total on hostile exchanges.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from types import ModuleType
from typing import Any, Literal

from gate.model import Area, Exchange, Severity

Operator = Callable[[Exchange], Exchange | None]
"""An exchange as it would be with the drift; None where the drift does not fit it."""

Needs = Literal["", "samples", "same text", "twin"]
"""What a golden must have that no exchange alone says: two samples that differ, two at least that all say the same, or
the golden of its twin beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What the table of a subject says of one mutation; its area is the folder.

    Its id is the operator's name with dashes. `id` gives it where a function makes the operator, which then has none.
    """

    drifts: tuple[str, ...]
    severity: Severity
    summary: str
    caught_by: tuple[str, ...]
    apply: Operator
    twin: Operator
    exercised_by: tuple[str, ...]
    id: str = ""
    needs: Needs = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """One known drift. `apply` shows it, `twin` shows what looks like it and is harmless.

    `drifts` are ids of the catalogue of real drifts. A judge owes a finding of `severity` or above by one of the rules
    `caught_by`: that some other rule notices a change does not warn of this drift. `exercised_by` names built-in
    scenarios whose goldens it fits.
    """

    id: str
    drifts: tuple[str, ...]
    area: Area
    severity: Severity
    summary: str
    caught_by: tuple[str, ...]
    apply: Operator
    twin: Operator
    exercised_by: tuple[str, ...]
    needs: Needs = ""


# Chosen: one each of usage, stream, tools, errors and embeddings, each on a scenario of golden/.
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
    return collected(_subjects())


@functools.cache
def of_answers() -> Mapping[str, Mutation]:
    """Those that change what a client gets, by id; those of area `request` change what a gateway asks its upstream."""
    return {name: mutation for name, mutation in mutations().items() if mutation.area != "request"}


def _subjects() -> Iterator[ModuleType]:
    for area in pkgutil.iter_modules(__path__):
        if area.ispkg:
            package = importlib.import_module(f"{__name__}.{area.name}")
            for subject in pkgutil.iter_modules(package.__path__):
                yield importlib.import_module(f"{package.__name__}.{subject.name}")


def collected(subjects: Iterable[ModuleType]) -> Mapping[str, Mutation]:
    """The mutations of these tables by id, sorted. Raises TypeError without one, and for an id that two rows have."""
    by_id: dict[str, Mutation] = {}
    for module in subjects:
        for row in _table(module):
            # the folder is the area, as with rules
            mutation = _mutation(row, module.__name__.split(".")[-2])
            if mutation.id in by_id:
                raise TypeError(f"{module.__file__}: the id {mutation.id} is taken by another row")
            by_id[mutation.id] = mutation
    return dict(sorted(by_id.items()))


def _table(module: ModuleType) -> Iterable[Row]:
    rows: Iterable[Row] | None = getattr(module, "MUTATIONS", None)
    if rows is None:
        raise TypeError(f"{module.__file__}: there is no MUTATIONS, the table of a subject")
    return rows


def _mutation(row: Row, area: Any) -> Mutation:
    facts = asdict(row)
    facts["id"] = row.id or row.apply.__name__.replace("_", "-")
    return Mutation(area=area, **facts)
