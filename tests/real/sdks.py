"""Real SDK versions over our own goldens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from gate.model import Policy, Report
from gate.model.sides import Side
from gate.sdk.judge import compared
from gate.sdk.versions import version_of
from gate.store.sides import load_side
from tests.rules_table import ASK, ROLE, chunk, stream

GOLDEN = Path(__file__).parent.parent.parent / "golden"
DAY = date(2026, 11, 29)


@cache
def goldens() -> Side:
    """Our own, and a stream with reasoning, which the engine behind them does not give."""
    side = load_side(GOLDEN)
    parts = ({"reasoning_content": "2 and 2 "}, {"reasoning_content": "is 4."}, {"content": "4"})
    made = stream(ROLE, *map(chunk, parts), chunk({}, "stop"), request={**ASK, "stream": True})
    request = replace(made.request, headers=(("authorization", "Bearer ****"),))
    thinking = replace(made, scenario="thinking-stream", request=request)
    return replace(side, exchanges={**side.exchanges, "thinking-stream": [thinking]})


def judged(
    before: str, after: str, scenarios: Sequence[str] = (), faults: bool = True, node: str | None = None
) -> Report:
    """The report of an upgrade over these goldens, or all."""
    side = goldens()
    chosen = {name: side.exchanges[name] for name in scenarios or side.exchanges}
    side = replace(side, exchanges=chosen)
    return compared(version_of(before), version_of(after), side, Policy(), DAY, faults=faults, node=node)


def told(report: Report) -> Mapping[str, set[str]]:
    """Risky and breaking findings by rule: `scenario path`."""
    found: dict[str, set[str]] = {}
    for finding in report.findings:
        if finding.severity.word != "info":
            found.setdefault(finding.rule, set()).add(f"{finding.scenario} {finding.path}")
    return found
