"""The table routes × scenarios of a merged report. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from gate.model import Report, ScenarioResult, Status

GRAVITY: tuple[Status, ...] = ("drift", "incomplete", "pass", "skipped")
"""Statuses, the most important first."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A scenario on one route: its status, the number of its enforced findings, and the id of its result in the report.
    Where a missing shard may have the scenario there is no result, and `reason` names the shard."""

    status: Status
    number: int = 0
    result: str = ""
    reason: str = ""

    @property
    def words(self) -> str:
        """`drift 2`, `pass`."""
        return f"{self.status} {self.number}" if self.number else self.status


Row = tuple[str, Mapping[str, Cell]]
"""A scenario's id without route, and its cells by route; a route without it has no entry."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """`routes` are the columns; empty for a report of one route."""

    routes: tuple[str, ...]
    rows: tuple[Row, ...]


def matrix(report: Report) -> Matrix:
    """The results of a merged report by scenario and route; failing rows first, otherwise in the report's order."""
    routes = tuple(dict.fromkeys(result.route for result in report.scenarios if result.route))
    enforced = Counter(finding.scenario for finding in report.findings if finding.outcome == "enforced")
    open_ = _unjudged(report)
    rows: dict[str, dict[str, Cell]] = {}
    for result in report.scenarios:
        if not result.missing:
            cell = Cell(result.status, enforced[result.id], result.id, result.reason)
            rows.setdefault(scenario_of(result), {})[result.route] = cell
    whole = [(name, {**open_, **cells}) for name, cells in rows.items()]
    return Matrix(routes, tuple(sorted(whole, key=_gravity)))


def _unjudged(report: Report) -> Mapping[str, Cell]:
    """Route → the cell of scenarios without a result there, for routes with a missing report."""
    missing = [result for result in report.scenarios if result.missing and result.route]
    return {result.route: Cell("incomplete", reason=result.reason) for result in missing}


def _gravity(row: Row) -> int:
    return min(GRAVITY.index(cell.status) for cell in row[1].values())


def scenario_of(result: ScenarioResult) -> str:
    """The id without the prefix `<route>/` that merging added."""
    return result.id.removeprefix(f"{result.route}/") if result.route else result.id
