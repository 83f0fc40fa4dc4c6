"""Scenarios × samples on one route → exchanges: concurrency, order, steps, further attempts, budget, learned names.

Every request that was sent is in the result; the last attempt of a step is the one that counts. The members of a
burst (`repeat`) are samples of their step: number sample × repeat + member.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar

import httpx

from gate import templates
from gate.attempts import Rejection, learn, pause, served
from gate.client import open_client, send
from gate.model import Exchange, Limits, Route, Scenario
from gate.outcomes import RunResult, ScenarioRun, final_attempts, judged, well
from gate.preflight import preflight, probe_scenario

MAX_REMAPS = 4  # one step may meet that many rejected parameters
# A parameter probe asks whether its parameter is rejected; only what it carries besides may be mapped away.
_BESIDES = frozenset({"max_tokens", "temperature"})
_WRONG = frozenset({401, 403, 404, 405, *range(300, 400)})

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Progress:
    """One thing that happened in a run. `done` of `total` scenario samples are finished."""

    kind: Literal["answer", "retry", "remap", "done"]
    scenario: str
    sample: int
    done: int
    total: int
    exchange: Exchange | None = None
    wait: float = 0.0  # seconds until the next attempt of a retry


async def run(
    scenarios: Sequence[Scenario],
    route: Route,
    *,
    samples: int,
    limits: Limits,
    run_id: str,
    key: str | None = None,
    golden: Mapping[str, Sequence[Exchange]] | None = None,
    progress: Callable[[Progress], None] | None = None,
    first_sample: int = 0,
    names: Mapping[str, str | None] | None = None,
    diagnose: bool = True,
) -> RunResult:
    """Runs every scenario that the route serves, each `samples` times.

    `golden` are stored exchanges by scenario: for `$golden`, and their statuses are permitted. `names` are parameter
    names learned before. When the very first answers look wrong, `diagnose` asks the preflight before more is
    spent; its ConfigError or RouteError ends the run.
    """
    missing = {s.id: templates.unserved(s, route) for s in scenarios}
    asked = [s for s in scenarios if not missing[s.id]]
    async with open_client(route) as http:
        going = _Run(http, route, limits, run_id, key, golden or {}, progress, diagnose)
        going.names = {**route.map, **(names or {})}
        await going.all(asked, range(first_sample, first_sample + samples))
    absent = {name: ScenarioRun((), "not-served", reason) for name, reason in missing.items() if reason}
    runs = {s.id: absent.get(s.id) or going.outcome(s) for s in scenarios}
    rejections = tuple(going.rejections.values())
    return RunResult(runs, going.requests, going.retries, rejections, going.names, going.notes())


async def probe(
    route: Route,
    *,
    limits: Limits,
    run_id: str,
    key: str | None = None,
    names: Mapping[str, str | None] | None = None,
) -> Exchange:
    """The closing plain chat (the list of models on a route without a chat model): `outcomes.well` of it says whether
    the route is up."""
    scenario = probe_scenario(route)
    limits = replace(limits, max_requests=None)  # without the probe nothing can be judged
    result = await run(
        [scenario], route, samples=1, limits=limits, run_id=run_id, key=key, names=names, diagnose=False
    )
    return result.runs[scenario.id].exchanges[-1]


class _SpentError(Exception):
    """limits.max_requests is reached."""


class _Latch:
    """Opens when that many scenario samples have sent their last request."""

    def __init__(self, count: int) -> None:
        self.left = count
        self.opened = asyncio.Event()
        if not count:
            self.opened.set()

    def release(self) -> None:
        self.left -= 1
        if self.left <= 0:
            self.opened.set()


@dataclass
class _Run:
    """The state of one run; everything here happens on one event loop."""

    http: httpx.AsyncClient
    route: Route
    limits: Limits
    run_id: str
    key: str | None
    golden: Mapping[str, Sequence[Exchange]]
    progress: Callable[[Progress], None] | None
    suspicious: bool  # until something was answered well, or the preflight was asked
    names: dict[str, str | None] = field(default_factory=dict)
    exchanges: dict[str, list[Exchange]] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    spent: set[str] = field(default_factory=set)
    rejections: dict[str, Rejection] = field(default_factory=dict)
    requests: int = 0
    retries: int = 0
    done: int = 0
    total: int = 0

    # -- order ----------------------------------------------------------------------------------

    async def all(self, scenarios: Sequence[Scenario], samples: range) -> None:
        """Healthy scenarios first, long ones and chains before the rest; errors when no healthy request is left to
        send, because a gateway's breaker may open on them; bursts last and alone, because they spend its limits."""
        bursts = [s for s in scenarios if any(step.repeat > 1 for step in s.steps)]
        errors = [s for s in scenarios if s.group == "errors" and s not in bursts]
        healthy = [s for s in scenarios if s not in errors and s not in bursts]
        healthy.sort(key=lambda s: (-(s.min_seconds or 0), -len(s.steps)))
        self.total = len(scenarios) * len(samples)
        slots = asyncio.Semaphore(self.route.max_concurrency)
        latch = _Latch(len(healthy) * len(samples))
        jobs = [self.healthy(s, n, slots, latch) for s in healthy for n in samples]
        jobs += [self.error(s, n, slots, latch) for s in errors for n in samples]
        await _together(jobs)
        for scenario in bursts:
            for number in samples:
                await self.thread(scenario, number)

    async def healthy(self, scenario: Scenario, sample: int, slots: asyncio.Semaphore, latch: _Latch) -> None:
        """One sample in its turn. It keeps its slot through all its steps, so that no chain waits half-way."""
        async with slots:
            last = asyncio.Event()
            release = asyncio.create_task(_after(last, latch.release))
            try:
                await self.thread(scenario, sample, last.set)
            finally:
                last.set()
                await release

    async def error(self, scenario: Scenario, sample: int, slots: asyncio.Semaphore, latch: _Latch) -> None:
        await latch.opened.wait()
        async with slots:
            await self.thread(scenario, sample)
