"""The two columns at the top of the page: the facts of both sides, and of each route of a merged report. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gate.model import Json
from gate.reports.words.figures import models_line, named, routes_of, scalar

_LONG = 120  # characters; a longer list is folded


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and its value as text; `number` is the number of items where it is a long list, which is folded."""

    name: str
    text: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Head:
    """One column, or one route of it."""

    side: str
    title: str
    facts: tuple[Fact, ...]


def heads(side: str, known: Mapping[str, Json]) -> tuple[Head, ...]:
    """The head of a side; one for each route in a merged report."""
    routes = tuple(Head(side, f"{side} {route}", facts(of)) for route, of in routes_of(known))
    return routes or (Head(side, side, facts(known)),)


def facts(known: Mapping[str, Json]) -> tuple[Fact, ...]:
    """The facts of a side, the most important first."""
    return tuple(fact for name in named(known) for fact in _fact(name, known[name]))


def _fact(name: str, value: Json) -> Iterator[Fact]:
    if name == "models" and (models := models_line(value, " → {}")):
        yield Fact("model", models)
    elif text := _words(value, 0):
        parts = len(value) if isinstance(value, Mapping | list) and len(text) > _LONG else 0
        yield Fact(name, text, parts)


def _words(value: Json, depth: int) -> str:
    # Our facts nest twice; a file of a stranger may nest without end.
    if depth > 2 or not isinstance(value, Mapping | list):
        return scalar(value)
    if isinstance(value, Mapping):
        inner = ((name, _words(part, depth + 1)) for name, part in sorted(value.items()))
        return ", ".join(f"{name} {text}" for name, text in inner if text)
    return ", ".join(filter(None, (_words(part, depth + 1) for part in value)))
