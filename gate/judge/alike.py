"""Failures that the golden's route tells apart, and that a gateway makes alike. Pure.

One scenario can't show it: it takes two failures of the upstream, each passed through the gateway.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from gate.judge.compare import Cell
from gate.judge.fingerprint import fingerprint
from gate.model import Finding, Location, Observation, Severity

FAILURES_ALIKE = "failures-alike"


def failing(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """The cells of failures that passed a gateway; they are few and small, and all that `alike_findings` needs."""
    whole = (cell for cell in cells if cell.golden and cell.candidate)
    return tuple(c for c in whole if _failed(c.golden[0]) and c.candidate[0].passage and _failed(c.candidate[0]))


def alike_findings(cells: Iterable[Cell]) -> list[Finding]:
    """A finding for each failure that arrives with the status of another one, which the upstream answered otherwise."""
    groups: dict[tuple[str, int], list[Cell]] = defaultdict(list)
    for cell in failing(cells):
        groups[cell.endpoint, cell.candidate[0].status].append(cell)
    return [finding for group in groups.values() for finding in _of(group)]


def _failed(observation: Observation) -> bool:
    """A failure with a status: what a gateway makes of no answer at all is its own choice."""
    return observation.status >= 400


def _of(group: list[Cell]) -> Iterator[Finding]:
    """Those of a group whose own status is lost, if the group has others."""
    told = {cell.golden[0].status for cell in group}
    for cell in group:
        if cell.golden[0].status != cell.candidate[0].status and len(told) > 1:
            yield _finding(cell, sorted(told))


def _finding(cell: Cell, told: list[int]) -> Finding:
    first, before = cell.candidate[0], cell.golden[0].status
    return Finding(
        rule=FAILURES_ALIKE,
        area="errors",
        severity=Severity.RISKY,
        endpoint=cell.endpoint,
        scenario=cell.scenario,
        step=cell.step,
        path="status",
        message=f"the upstream's {' and '.join(map(str, told))} all arrive as {first.status}",
        golden=f"{before}, which is told apart",
        candidate=str(first.status),
        hits=len(cell.candidate),
        samples=len(cell.candidate),
        fingerprint=fingerprint(FAILURES_ALIKE, cell.endpoint, cell.scenario, cell.step, "status"),
        location=Location(first.location.file, first.location.line),
        hint="let the gateway pass the upstream's status on",
        who_breaks="retry and fallback code: what must not be sent again looks like what may, or the reverse",
        golden_location=cell.golden[0].location,
        request_id=first.request_id,
        remote_id=first.headers.get("x-request-id", ""),
    )
