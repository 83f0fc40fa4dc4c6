"""Findings with what the SDKs in use did: clients decide severity. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gate.judge.compare import Cell
from gate.judge.order import order
from gate.model import Effect, Finding, Severity
from gate.observe.alignment import aligned
from gate.observe.clients import effects

CLIENT_DIFFERS = "client-differs"


def weighed(findings: Sequence[Finding], cells: Sequence[Cell]) -> tuple[Finding, ...]:
    """The findings of a scenario, each with what the clients did with its step.

    Where one failed or lost content, and nothing found there is breaking, the first of the worst becomes breaking.
    """
    # Most runs ask no client: the samples are not aligned a second time for nothing.
    if not any(transcript.client for cell in cells for sample in cell.candidate for transcript in sample.transcripts):
        return tuple(findings)
    seen = {cell.step: effects(aligned(cell.golden, cell.candidate)) for cell in cells}
    told = [replace(finding, clients=seen.get(finding.step, ())) for finding in findings]
    return tuple(sorted(_raised(told, seen), key=order))


def _raised(findings: Sequence[Finding], seen: Mapping[int, Sequence[Effect]]) -> list[Finding]:
    first: dict[int, Finding] = {}
    for finding in findings:  # in order of fixing: the worst first
        if finding.rule != CLIENT_DIFFERS and finding.severity > Severity.INFO:
            first.setdefault(finding.step, finding)
    raised = {finding.fingerprint for step, finding in first.items() if any(effect.fails for effect in seen[step])}
    return [replace(f, severity=Severity.BREAKING) if f.fingerprint in raised else f for f in findings]


def untold(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Without `client-differs` where another finding of the same step tells it: an enforced one as severe, or where
    nothing fails any other, for what was tolerated there is known."""
    return tuple(f for f in findings if f.rule != CLIENT_DIFFERS or not any(_tells(other, f) for other in findings))


def _tells(other: Finding, finding: Finding) -> bool:
    if other.rule == CLIENT_DIFFERS or (other.scenario, other.step) != (finding.scenario, finding.step):
        return False
    if finding.severity is Severity.BREAKING:
        return other.severity is Severity.BREAKING and other.outcome == "enforced"
    return other.severity > Severity.INFO
