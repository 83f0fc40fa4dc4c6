"""Routes × scenarios of a merged report. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gate.model import Report, ScenarioResult

Row = tuple[str, Mapping[str, ScenarioResult]]
"""A scenario's own id, and its result by route; a route that lacks it has no entry."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """`routes` are the columns; it has none where the report is of one route."""

    routes: tuple[str, ...]
    rows: tuple[Row, ...]


def matrix(report: Report) -> Matrix:
    """The results of a merged report by scenario and route, both in the report's order."""
    routes = tuple(dict.fromkeys(result.route for result in report.scenarios if result.route))
    rows: dict[str, dict[str, ScenarioResult]] = {}
    for result in report.scenarios:
        rows.setdefault(scenario_of(result), {})[result.route] = result
    return Matrix(routes, tuple(rows.items()))


def scenario_of(result: ScenarioResult) -> str:
    """The id without the route that merging put before it."""
    return result.id.removeprefix(f"{result.route}/") if result.route else result.id
