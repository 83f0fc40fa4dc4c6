"""The outcome of each scenario of a run: answered, failed, an outage, or not exercised. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from gate.model import Ending, Exchange, Scenario
from gate.observe.refusal import Rejection
from gate.run.failures import cooling, limited, served, speaks
from gate.run.parameter_names import ParameterNames

State = Literal["ok", "flaky", "failed", "limited", "outage", "not-exercised", "not-run", "not-served"]
"""`ok`: every step of every sample was answered. `flaky`: only some samples were, and the others failed at random.
`failed`: none; drift where the closing probe succeeds, `outage` where it fails. `limited`: the last answer of some
sample is a limit that the golden does not have (429, an open breaker); never drift. `not-exercised`: it ended before it
showed what it is for. `not-run`: max_requests was reached. `not-served`: the route has no model for it."""


@dataclass(frozen=True, slots=True)
class ScenarioRun:
    """All exchanges of one scenario by (sample, step, attempt). `reason` says what can't be judged.

    `lost` are the keys of failed exchanges: drift where the route is up, otherwise part of its outage.
    """

    exchanges: tuple[Exchange, ...]
    state: State
    reason: str = ""
    lost: frozenset[tuple[int, int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class RunResult:
    """A whole run, by scenario id. `requests` counts every attempt; `names` has the parameter names learned by its end;
    `notes` are sentences for the report; `lacking` has the endpoints that the route lacks, with the reason."""

    runs: Mapping[str, ScenarioRun]
    requests: int = 0
    retries: int = 0
    rejections: tuple[Rejection, ...] = ()
    names: ParameterNames = field(default_factory=ParameterNames)
    notes: tuple[str, ...] = ()
    lacking: Mapping[str, str] = field(default_factory=dict)


def final_attempts(exchanges: Sequence[Exchange]) -> tuple[Exchange, ...]:
    """The final attempt of each step of each sample."""
    last = {(e.sample, e.step): e for e in in_order(exchanges)}
    return tuple(last.values())


def in_order(exchanges: Sequence[Exchange]) -> tuple[Exchange, ...]:
    """By (sample, step, attempt)."""
    return tuple(sorted(exchanges, key=_order))


def _order(exchange: Exchange) -> tuple[int, int, int]:
    return exchange.sample, exchange.step, exchange.attempt


def judged(
    scenario: Scenario, exchanges: Sequence[Exchange], permitted: Sequence[frozenset[int]], unsent: str = ""
) -> ScenarioRun:
    """The outcome of a scenario that was sent. `permitted` are, by step, statuses that are never a failure; `unsent`
    says why a step could not be sent, and is the reason where no sample reached it."""
    ordered = limits_marked(exchanges, permitted)
    finals = final_attempts(ordered)
    refused = [e for e in finals if limited(e, permitted[e.step])]
    beside = {e.sample for e in finals} - {e.sample for e in refused}
    lost = [e for e in finals if _failed(e, permitted[e.step]) and e not in refused]
    keys = frozenset(map(_order, lost))
    # No sample came through whole: a probe has to say whether it is the scenario or the route.
    if lost and not beside - {e.sample for e in lost}:
        return ScenarioRun(ordered, "failed", _why(lost[0]), keys)
    # an intermittent error in JSON is judged: rules count the samples that have it
    silent = [e for e in lost if not served(e)]
    if silent:
        return ScenarioRun(ordered, "flaky", _why(silent[0]), keys)
    if refused:
        return ScenarioRun(ordered, "limited", _limit(refused[0]), keys)
    if reason := _idle(scenario, finals):
        return ScenarioRun(ordered, "not-exercised", reason, keys)
    # A later step may be unsent because an earlier answer has no reply to fill it with.
    whole = len({e.step for e in finals}) == len(scenario.steps)
    return ScenarioRun(ordered, "ok", "" if whole else unsent, keys)


def limits_marked(exchanges: Sequence[Exchange], permitted: Sequence[frozenset[int]]) -> tuple[Exchange, ...]:
    """The exchanges in order; steps that ended in a limit are marked as `outage`, whether the route is up or not."""
    return _with_marks(in_order(exchanges), lambda e: limited(e, permitted[e.step]))


def _idle(scenario: Scenario, finals: Sequence[Exchange]) -> str:
    """Why a scenario did not exercise what it is for; empty where it did."""
    # a stream that broke off early is judged: finding that is what long scenarios are for
    lasted = max((e.total_ms or 0.0 for e in finals if e.ending is Ending.COMPLETE), default=None)
    if scenario.min_seconds and lasted is not None and lasted < scenario.min_seconds * 1000:
        return f"it lasted {lasted / 1000:.1f} s of the {scenario.min_seconds:g} s that it needs"
    for number, step in enumerate(scenario.steps):
        of_step = [e for e in finals if e.step == number]
        leaving = step.give_up_after is not None or step.cancel_after_chunks is not None
        if leaving and of_step and all(e.ending is Ending.COMPLETE for e in of_step):
            return "the answer was complete before the client left"
        if step.repeat > 1 and 429 in step.expect and of_step and 429 not in statuses(of_step, number):
            return f"none of {len(of_step)} concurrent requests was rate-limited (429)"
    return ""


# Answers that depend on the route and not on the request: a revoked key, a spent budget, an overload.
_DOWN = frozenset({401, 402, 403, 408, 425, 429})
# Endings that the network can cause as well as the route; CANCELLED and TOO_LARGE are our own doing.
_BROKEN_OFF = frozenset({Ending.CUT, Ending.RESET, Ending.TIMEOUT})


def statuses(exchanges: Sequence[Exchange], step: int) -> frozenset[int]:
    """The statuses of the final attempts of a step."""
    return frozenset(e.response.status for e in final_attempts(exchanges) if e.step == step and e.response)


def accepted(scenario: Scenario, golden: Sequence[Exchange]) -> list[frozenset[int]]:
    """By step, the statuses that are no failure: those of the golden; without one those that the scenario permits."""
    return [statuses(golden, number) or frozenset(step.expect) for number, step in enumerate(scenario.steps)]


def _failed(exchange: Exchange, permitted: frozenset[int]) -> bool:
    """Whether there is no answer, or one that is about the route and not the request; False for a permitted status."""
    status = exchange.response.status if exchange.response else 0
    # A 400 or 404 answers this request and is judged as drift; these say nothing about it.
    return status not in permitted and (not served(exchange) or status in _DOWN or status >= 500)


def _limit(exchange: Exchange) -> str:
    status = exchange.response.status if exchange.response else 0
    kind = "an open breaker or a cooldown" if cooling(exchange) else "rate limit"
    return f"{kind}: the route answered {status}"


def _why(exchange: Exchange) -> str:
    if exchange.response is None:
        return exchange.detail or str(exchange.ending)
    status = exchange.response.status
    return f"the route answered {status}" if served(exchange) else f"an intermediary answered {status} without JSON"


def mark_outages(result: RunResult, alive: bool) -> RunResult:
    """The result after the closing probe: where the route was down failed exchanges are marked as `outage`, so that
    `gate diff` finds the same verdict. Those of a route that is up are judged: drift, or failures at random."""
    return result if alive else replace(result, runs={name: _marked(run) for name, run in result.runs.items()})


def _marked(run: ScenarioRun) -> ScenarioRun:
    # broken answers as well: a route that goes down breaks off what it is sending
    state: State = "outage" if run.state == "failed" else run.state
    marked = _with_marks(run.exchanges, lambda e: _order(e) in run.lost or e.ending in _BROKEN_OFF)
    return replace(run, exchanges=marked, state=state)


def _with_marks(exchanges: tuple[Exchange, ...], down: Callable[[Exchange], bool]) -> tuple[Exchange, ...]:
    steps = {(e.sample, e.step) for e in final_attempts(exchanges) if down(e)}
    return tuple(replace(e, outage=True) if (e.sample, e.step) in steps else e for e in exchanges)


def well(exchange: Exchange) -> bool:
    """Whether a probe was answered: 2xx, complete, and by an API (a maintenance page may have status 200)."""
    response = exchange.response
    complete = response is not None and 200 <= response.status < 300 and exchange.ending is Ending.COMPLETE
    # Both: a login page of a proxy is a complete 200, and no route to an API.
    return complete and speaks(exchange)
