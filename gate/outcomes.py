"""What a run brought, scenario by scenario: answered, failed, an outage, or never exercised. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from gate.attempts import Rejection, classify, served
from gate.model import Ending, Exchange, Scenario

State = Literal["ok", "flaky", "failed", "outage", "not-exercised", "not-run", "not-served"]
"""`ok`: every step of every sample was answered. `flaky`: only some samples were, the scenario is incomplete.
`failed`: none; that is drift where the closing probe succeeds, and becomes `outage` where it does not.
`not-exercised`: it ended too soon to show anything. `not-run`: the budget was spent. `not-served`: no model for it."""


@dataclass(frozen=True, slots=True)
class ScenarioRun:
    """All exchanges of one scenario by (sample, step, attempt). `reason` says why not all of it can be judged."""

    exchanges: tuple[Exchange, ...]
    state: State
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RunResult:
    """A whole run. `requests` counts every attempt; `names` maps the parameters that were renamed or left out at its
    end, the route's own map included; `notes` are sentences for a person."""

    runs: Mapping[str, ScenarioRun]
    requests: int = 0
    retries: int = 0
    rejections: tuple[Rejection, ...] = ()
    names: Mapping[str, str | None] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def final_attempts(exchanges: Sequence[Exchange]) -> tuple[Exchange, ...]:
    """The attempts that count: the last one of each step of each sample."""
    last = {(e.sample, e.step): e for e in in_order(exchanges)}
    return tuple(last.values())


def in_order(exchanges: Sequence[Exchange]) -> tuple[Exchange, ...]:
    """By (sample, step, attempt)."""
    return tuple(sorted(exchanges, key=_order))


def _order(exchange: Exchange) -> tuple[int, int, int]:
    return exchange.sample, exchange.step, exchange.attempt


def judged(scenario: Scenario, exchanges: Sequence[Exchange], permitted: Sequence[frozenset[int]]) -> ScenarioRun:
    """The outcome of a scenario that was sent. `permitted` are statuses by step that are never a failure."""
    kept = in_order(exchanges)
    finals = final_attempts(kept)
    lost = [e for e in finals if not _answered(e, permitted[e.step])]
    if lost:
        whole = {e.sample for e in finals} - {e.sample for e in lost}
        return ScenarioRun(kept, "flaky" if whole else "failed", _why(lost[0]))
    # one that broke off early is judged: that is what a long scenario is there to find
    lasted = max((e.total_ms or 0.0 for e in finals if e.ending is Ending.COMPLETE), default=None)
    if scenario.min_seconds and lasted is not None and lasted < scenario.min_seconds * 1000:
        reason = f"it lasted {lasted / 1000:.1f} s of the {scenario.min_seconds:g} s that it needs"
        return ScenarioRun(kept, "not-exercised", reason)
    return ScenarioRun(kept, "ok")


def _answered(exchange: Exchange, permitted: frozenset[int]) -> bool:
    return served(exchange) or (exchange.response is not None and exchange.response.status in permitted)


def _why(exchange: Exchange) -> str:
    if exchange.response is None:
        return exchange.detail or classify(exchange)
    return f"an intermediary answered {exchange.response.status} without JSON"


def mark_outages(result: RunResult, alive: bool) -> RunResult:
    """The result after the closing probe: where the route was down, or answered some samples only, the unanswered
    exchanges carry the mark `outage`, so that the same verdict can be found offline."""
    return replace(result, runs={name: _marked(one, alive) for name, one in result.runs.items()})


def _marked(one: ScenarioRun, alive: bool) -> ScenarioRun:
    # some samples were answered, so the others say nothing about the contract, whatever the probe finds
    if one.state != "flaky" and (one.state != "failed" or alive):
        return one
    state: State = "outage" if one.state == "failed" else "flaky"
    marked = tuple(e if served(e) else replace(e, outage=True) for e in one.exchanges)
    return replace(one, exchanges=marked, state=state)


def well(exchange: Exchange) -> bool:
    """Whether a probe was answered as a healthy route does."""
    response = exchange.response
    return response is not None and 200 <= response.status < 300 and exchange.ending is Ending.COMPLETE
