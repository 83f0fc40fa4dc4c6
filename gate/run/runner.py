"""Scenarios × samples on one route → exchanges: concurrency, order, steps, retries, max_requests, learned names.

Every request that was sent is in the result; the last attempt of a step is the final one. The members of a
burst (`repeat`) are samples of their step: number sample × repeat + member.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import httpx

from gate.model import Ending, Exchange, Limits, Route, Scenario
from gate.observe.refusal import Rejection, learn
from gate.run import templates
from gate.run.capture import Room
from gate.run.client import open_client, send
from gate.run.failures import absent, limited, rejected, served, speaks, vague
from gate.run.holding import Held
from gate.run.order import Endpoints, Latch, in_turn, is_late
from gate.run.outcomes import RunResult, ScenarioRun, accepted, final_attempts, judged, limits_marked, statuses, well
from gate.run.pace import Pace
from gate.run.parameter_names import ParameterNames
from gate.run.preflight import preflight
from gate.run.request import Prepared
from gate.run.retries import pause

# chosen: newer models refuse max_tokens and temperature (PA01, PA04), a probe adds one or two; it must end.
MAX_REMAPS = 4  # one step may meet that many rejected parameters
# A scenario of group params probes one parameter; only others of its parameters may be mapped away.
# The suite sends these two in nearly every scenario, so newer models reject them beside the probed one (PA01, PA04).
_BESIDES = frozenset({"max_tokens", "temperature"})
# Statuses that a wrong base_url, key or model gives; the preflight then names which of them it is.
_WRONG = frozenset({400, 401, 403, 404, 405, *range(300, 400)})


@dataclass(frozen=True, slots=True)
class Progress:
    """An event of a run, for a progress display. `done` of `total` scenario samples are finished."""

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
    ids: Mapping[str, str] | None = None,
    key: str | None = None,
    golden: Mapping[str, Sequence[Exchange]] | None = None,
    progress: Callable[[Progress], None] | None = None,
    first_sample: int = 0,
    names: ParameterNames | None = None,
    diagnose: bool = True,
    pace: Pace | None = None,
    lacking: Mapping[str, str] | None = None,
    scrub: Callable[[Exchange], Exchange] | None = None,
    watch: Watch | None = None,
) -> RunResult:
    """Runs every scenario that the route serves, each `samples` times.

    Request ids are made from `run_id`, or from that of the run that recorded the golden (`ids`, by scenario), so that
    both routes' logs have the same id. `golden` are stored exchanges by scenario: for `$golden`, and their statuses are
    permitted. Learned before: `names` of parameters, `pace` of the route's limits, `lacking` endpoints with the
    reason; a scenario of these is not served. With `diagnose` the preflight runs when the first answer looks wrong;
    its ConfigError or RouteError ends the run. With `scrub` a run of any size takes little memory (`gate.run.holding`).
    A `watch` is around each request, which is then sent once whatever comes: what a gateway does with it is what is
    looked at.
    """
    missing = {s.id: templates.unserved(s, route) for s in scenarios}
    asked = [s for s in scenarios if not missing[s.id]]
    async with open_client(route) as http:
        going = _Run(
            http, route, limits, run_id, ids or {}, key, golden or {}, progress, diagnose, pace or Pace(limits)
        )
        going.names = names or ParameterNames(route.map)
        going.lacking = lacking or {}
        going.held = Held(scrub)
        going.watch = watch
        await going.all(asked, range(first_sample, first_sample + samples))
    unserved = {name: ScenarioRun((), "not-served", reason) for name, reason in missing.items() if reason}
    runs = {s.id: unserved.get(s.id) or going.outcome(s) for s in scenarios}
    rejections = tuple(going.rejections.values())
    lacks = going.endpoints.lacking
    return RunResult(runs, going.requests, going.retries, rejections, going.names, going.notes(), lacks)


Watch = Callable[[Prepared], AbstractAsyncContextManager[Callable[[Exchange], None]]]
"""What is around a request; it is given the exchange as soon as that has ended."""
"""What is done around each request, until nothing of it is under way any more."""


class _SpentError(Exception):
    """limits.max_requests or limits.max_run is reached."""


@dataclass
class _Run:
    """The state of one run; everything here happens on one event loop."""

    http: httpx.AsyncClient
    route: Route
    limits: Limits
    run_id: str
    ids: Mapping[str, str]
    key: str | None
    golden: Mapping[str, Sequence[Exchange]]
    progress: Callable[[Progress], None] | None
    suspicious: bool  # until some request succeeded, or the preflight ran
    pace: Pace
    lacking: Mapping[str, str] = field(default_factory=dict)
    watch: Watch | None = None
    names: ParameterNames = field(default_factory=ParameterNames)
    held: Held = field(default_factory=Held)
    reasons: dict[str, str] = field(default_factory=dict)
    spent: set[str] = field(default_factory=set)
    rejections: dict[str, Rejection] = field(default_factory=dict)
    put_off: list[tuple[Scenario, int]] = field(default_factory=list)
    requests: int = 0
    retries: int = 0
    done: int = 0
    total: int = 0

    def __post_init__(self) -> None:
        self.first = self.latch = Latch(())
        self.endpoints = Endpoints((), 0, (), {})
        self.room = Room(self.limits.max_run)

    # -- order ----------------------------------------------------------------------------------

    async def all(self, scenarios: Sequence[Scenario], samples: range) -> None:
        """Healthy scenarios first, chat and embeddings before other endpoints; errors after all healthy requests are
        sent; bursts alone, because they use up rate limits; and last what seemed to be missing. `gate.run.order` says
        why."""
        bursts = [s for s in scenarios if any(step.repeat > 1 for step in s.steps)]
        errors = [s for s in scenarios if s.group == "errors" and s not in bursts]
        healthy = in_turn(s for s in scenarios if s not in errors and s not in bursts)
        late = [s for s in healthy if is_late(s)]
        early = [s for s in healthy if s not in late]
        self.total = len(scenarios) * len(samples)
        self.endpoints = Endpoints(healthy, samples.start, self.golden, self.lacking)
        self.first = Latch((s.id, n) for s in early if not s.min_seconds for n in samples)
        self.latch = Latch((s.id, n) for s in healthy for n in samples)
        slots = asyncio.Semaphore(self.route.max_concurrency)
        jobs = [self.queued(s, n, slots) for s in early for n in samples]
        jobs += [self.queued(s, n, slots, self.first) for s in late for n in samples]
        jobs += [self.queued(s, n, slots, self.latch) for s in errors for n in samples]
        await _together(jobs)
        for scenario in bursts:
            for number in samples:
                await self.thread(scenario, number)
        # the sample that met the missing endpoint first: where it is missing still, the others are not sent
        for scenario, number in self.put_off:
            await self.thread(scenario, number)

    async def queued(
        self, scenario: Scenario, sample: int, slots: asyncio.Semaphore, after: Latch | None = None
    ) -> None:
        """One sample in a slot, which it keeps through all its steps."""
        if after:
            await after.opened.wait()
        await self.endpoints.wait(scenario, sample)
        unasked = self.endpoints.waits(scenario)
        if not unasked:
            async with slots:
                await self.thread(scenario, sample)
        if self.endpoints.waits(scenario):
            self.put_off.append((scenario, sample))
            self.total += not unasked  # it is sent a second time
            self.release(scenario, sample)
        self.endpoints.asked(scenario, sample)

    # -- one sample of one scenario -------------------------------------------------------------

    async def thread(self, scenario: Scenario, sample: int) -> None:
        """All steps in order. It ends at a step that can't be filled, or when max_requests is reached."""
        replies: dict[int, Exchange] = {}
        try:
            for number, step in enumerate(scenario.steps):
                if why := self.endpoints.lacking.get(step.endpoint):
                    self.reasons.setdefault(scenario.id, f"step {number}: not sent: {why}")
                    break
                # Before the last step is sent, not after: errors need not wait for a long answer to end.
                if number == len(scenario.steps) - 1:
                    self.latch.release((scenario.id, sample))
                replies[number] = await self.step(scenario, number, sample, replies)
        except templates.UnfilledError as gap:
            self.reasons.setdefault(scenario.id, f"step {number}: {gap}")
        except _SpentError:
            self.spent.add(scenario.id)
        self.release(scenario, sample)
        self.done += 1
        self.tell("done", scenario, sample)

    def release(self, scenario: Scenario, sample: int) -> None:
        """Nothing waits for this sample any longer."""
        self.latch.release((scenario.id, sample))
        self.first.release((scenario.id, sample))

    async def step(self, scenario: Scenario, number: int, sample: int, replies: Mapping[int, Exchange]) -> Exchange:
        """Sends one step, or all members of a burst at once, whatever the concurrency; returns the first exchange."""
        many = scenario.steps[number].repeat
        members = [self.attempts(scenario, number, sample * many + n, replies) for n in range(many)]
        if many == 1:
            return await members[0]
        # every member is awaited: what was sent must be recorded, even where max_requests stops the others
        # Beyond `max_concurrency` on purpose: a burst wants to meet the rate limit.
        results = await asyncio.gather(*members, return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result
        return next(r for r in results if isinstance(r, Exchange))

    async def attempts(self, scenario: Scenario, number: int, sample: int, replies: Mapping[int, Exchange]) -> Exchange:
        """One step until its final attempt: sent again under a learned name, or after a pause (`retries.pause`)."""
        permitted = self.permitted(scenario, number)
        body = self.content(scenario, number, replies)
        prepared = templates.prepared(scenario, number, sample, body, self.ids.get(scenario.id, self.run_id))
        before = [e for e in self.held.exchanges.get(scenario.id, ()) if (e.sample, e.step) == (sample, number)]
        prepared = replace(prepared, attempt=len(before))  # what was put off was sent before
        retries = remaps = 0
        while True:
            exchange = await self.send(prepared, scenario)
            if self.watch:
                await self.look(scenario, exchange, permitted)
                return exchange
            self.adopt(scenario, permitted, exchange)
            # another scenario may have learned names while this request was in flight
            if rejected(exchange, permitted) and remaps < MAX_REMAPS:
                body = self.content(scenario, number, replies)
            # Under its new name the request is another one, and is sent at once.
            wait = 0.0 if body != prepared.body else self.pause(exchange, permitted, retries)
            if wait is None:
                endpoint = scenario.steps[number].endpoint
                if status := absent(exchange, permitted):
                    self.endpoints.learn(scenario, endpoint, status)
                elif endpoint in self.endpoints.doubted and well(exchange):
                    self.endpoints.served(endpoint)
                await self.look(scenario, exchange, permitted)
                return exchange
            if body != prepared.body:
                remaps += 1
            else:
                retries += 1
                self.retries += 1
                self.tell("retry", scenario, sample, exchange, wait)
            prepared = replace(prepared, body=body, attempt=prepared.attempt + 1)
            await self.pace.sleep(wait)

    def pause(self, exchange: Exchange, permitted: frozenset[int], retries: int) -> float | None:
        if limited(exchange, permitted):
            return self.pace.pause(exchange, retries)
        return pause(exchange, permitted, retries, self.limits)

    async def send(self, prepared: Prepared, scenario: Scenario) -> Exchange:
        # the members of a burst go out together: that is what the scenario is for
        if prepared.attempt or scenario.steps[prepared.step].repeat == 1:
            await self.pace.turn()
        # Checked before each attempt, retries included: the limit bounds what a run can cost.
        async with self.held.sending():
            if self.limits.max_requests is not None and self.requests >= self.limits.max_requests:
                raise _SpentError
            if self.room.left <= 0:
                raise _SpentError
            self.requests += 1
            exchange = await self.sent(prepared, _patient(self.route, scenario))
            self.held.add(scenario.id, exchange)
        self.tell("answer", scenario, prepared.sample, exchange)
        if exchange.ending is Ending.TOO_LARGE and self.room.left <= 0:  # cut for the run's sake: no finding
            raise _SpentError
        return exchange

    async def sent(self, prepared: Prepared, route: Route) -> Exchange:
        if self.watch is None:
            return await send(self.http, prepared, route, self.limits, self.key, self.room)
        async with self.watch(prepared) as ended:
            exchange = await send(self.http, prepared, route, self.limits, self.key, self.room)
            ended(exchange)
        return exchange

    def content(self, scenario: Scenario, number: int, replies: Mapping[int, Exchange]) -> bytes | None:
        """The body of a step. While a golden is being recorded, `$golden` is the run's own reply."""
        first = {e.step: e for e in reversed(final_attempts(self.golden.get(scenario.id, ())))}  # the first sample's
        stored = first or replies
        return templates.content(
            scenario.steps[number],
            self.route,
            self.names.of(scenario.steps[number]),
            lambda step: templates.reply(replies.get(step)),
            lambda step: templates.reply(stored.get(step)),
        )

    def permitted(self, scenario: Scenario, number: int) -> frozenset[int]:
        """Statuses that are not retried: those that the scenario expects, and those of its golden."""
        return frozenset((*scenario.steps[number].expect, *statuses(self.golden.get(scenario.id, ()), number)))

    # -- after each answer ----------------------------------------------------------------------

    def adopt(self, scenario: Scenario, permitted: frozenset[int], exchange: Exchange) -> None:
        """Learns from a rejected parameter: from then on it has another name, or is not sent."""
        # There a rejection is what the scenario asks for, and nothing to learn from.
        if scenario.group == "errors" or not rejected(exchange, permitted):
            return
        step = scenario.steps[exchange.step]
        rejection = learn(exchange, self.names.taught(step))
        if rejection is None or rejection.parameter in self.names.taught(step):
            return
        if scenario.group == "params" and rejection.parameter not in _BESIDES:
            return
        self.names.adopt(step, rejection)
        self.rejections.setdefault(rejection.parameter, rejection)
        self.tell("remap", scenario, exchange.sample, exchange)

    async def look(self, scenario: Scenario, exchange: Exchange, permitted: frozenset[int]) -> None:
        """Runs the preflight once when an early answer looks wrong; it raises where base_url or key are."""
        # Once per run: after one good answer, base_url and key are right.
        if not self.suspicious or scenario.group == "errors":
            return
        status = exchange.response.status if exchange.response else None
        wrong = status is not None and status not in permitted and (status in _WRONG or status >= 500)
        # a web app answers every path with its page and status 200
        page = status is not None and 200 <= status < 300 and (not speaks(exchange) or vague(exchange))
        doubtful = wrong or page or not served(exchange)
        if doubtful or well(exchange):
            self.suspicious = False
        if doubtful:
            await preflight(self.route, limits=self.limits, key=self.key)

    def tell(
        self,
        kind: Literal["answer", "retry", "remap", "done"],
        scenario: Scenario,
        sample: int,
        exchange: Exchange | None = None,
        wait: float = 0.0,
    ) -> None:
        if self.progress:
            self.progress(Progress(kind, scenario.id, sample, self.done, self.total, exchange, wait))

    # -- the end --------------------------------------------------------------------------------

    def outcome(self, scenario: Scenario) -> ScenarioRun:
        exchanges = self.held.exchanges.get(scenario.id, [])
        permitted = accepted(scenario, self.golden.get(scenario.id, ()))
        if why := self.endpoints.unserved(scenario, {exchange.step for exchange in exchanges}):
            return ScenarioRun(limits_marked(exchanges, permitted), "not-served", why)
        if scenario.id in self.spent:
            return ScenarioRun(limits_marked(exchanges, permitted), "not-run", f"{self.bound()} is reached")
        return judged(scenario, exchanges, permitted, self.reasons.get(scenario.id, ""))

    def bound(self) -> str:
        """The limit that ended the run, with its value."""
        limits = self.limits
        return f"max_run ({limits.max_run:,} bytes)" if self.room.left <= 0 else f"max_requests ({limits.max_requests})"

    def notes(self) -> tuple[str, ...]:
        words = [
            f"route {self.route.name} rejects the parameter {rejection.parameter}: "
            + (f"sent as {rejection.replacement} from then on" if rejection.replacement else "left out from then on")
            for rejection in self.rejections.values()
        ]
        words += self.pace.note(self.route.name)
        words += (f"{why}: not asked again in this run" for why in self.endpoints.lacking.values())
        if self.spent:
            words.append(f"{self.bound()} is reached: {len(self.spent)} scenarios did not run")
        return tuple(words)


def _patient(route: Route, scenario: Scenario) -> Route:
    """The route with timeouts long enough for a scenario that must last `min_seconds`."""
    if not scenario.min_seconds:
        return route
    # chosen: a slow route may take twice as long, and a minute to begin.
    timeouts, needed = route.timeouts, 2 * scenario.min_seconds + 60
    longer = replace(timeouts, first_byte=max(timeouts.first_byte, needed), total=max(timeouts.total, needed + 60))
    return replace(route, timeouts=longer)


async def _together(jobs: Sequence[Coroutine[Any, Any, None]]) -> None:
    """Runs all at once; the first error cancels the others and is raised, without its exception group."""
    try:
        async with asyncio.TaskGroup() as group:
            for job in jobs:
                group.create_task(job)
    except BaseExceptionGroup as errors:
        # A user can do nothing with a group: the first error, such as a wrong key, is the cause of all.
        raise errors.exceptions[0] from None
