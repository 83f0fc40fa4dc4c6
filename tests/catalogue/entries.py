"""The catalogue of known drifts and harmless variations, as it is written in `docs/drifts/`: one file per area."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args

from gate.model import Area, Severity
from gate.store.yaml_file import read

FOLDER = Path(__file__).parent.parent.parent / "docs" / "drifts"
AREAS: tuple[Area, ...] = get_args(Area)
HARMLESS = FOLDER / "harmless.yaml"


@dataclass(frozen=True, slots=True)
class KnownDrift:
    """A drift that was reported in public. `severity` is the least that a finding of it must have.

    `unseen` says why no single exchange can show it; it is empty for all the others.
    """

    id: str
    area: Area
    severity: Severity
    title: str
    happens: str
    broke: str
    sources: tuple[str, ...]
    unseen: str = ""


@dataclass(frozen=True, slots=True)
class Variation:
    """What two recordings of one route may differ in."""

    id: str
    text: str


def file_of(area: Area) -> Path:
    """The file that holds the drifts of an area."""
    return FOLDER / f"{area}.yaml"


@cache
def drifts() -> Mapping[str, KnownDrift]:
    """Every known drift by its id, area by area."""
    return {drift.id: drift for area in AREAS for drift in _drifts(area)}


@cache
def variations() -> Mapping[str, Variation]:
    """Every harmless variation by its id."""
    return {item["id"]: Variation(**item) for item in items(HARMLESS)}


def items(path: Path) -> list[dict[str, Any]]:
    """The entries of a file as they are written."""
    found: Any = read(path).value
    return list(found)


def _drifts(area: Area) -> list[KnownDrift]:
    return [drift(area, item) for item in items(file_of(area))]


def drift(area: Area, item: Mapping[str, Any]) -> KnownDrift:
    """An entry as it is written, read. Raises ValueError with its file and id where a key is wrong."""
    try:
        severity, sources = Severity[item["severity"].upper()], tuple(item["sources"])
        return KnownDrift(**{**item, "area": area, "severity": severity, "sources": sources})
    except (KeyError, TypeError) as error:
        place = f"docs/drifts/{area}.yaml: {item.get('id')}"
        raise ValueError(f"{place}: {error!r}; compare its keys and severity with another entry's") from error
