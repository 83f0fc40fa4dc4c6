"""In which order a run sends its scenarios, and which of them wait for others.

What a route may refuse comes late, because a gateway may then refuse healthy requests too: a circuit breaker opens on
errors, and LiteLLM cools its only deployment down after each 404.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence

from gate.model import Scenario
from gate.suite import GROUPS

_FIRST = frozenset({"chat.completions", "embeddings"})
# a route without chat fails the preflight; `unknown` stands for many paths
_SURE = frozenset({"chat.completions", "unknown"})


class Latch:
    """`opened` is set when all these scenario samples are released."""

    def __init__(self, pending: Iterable[tuple[str, int]]) -> None:
        self.pending = set(pending)
        self.opened = asyncio.Event()
        self.release(("", 0))

    def release(self, sample: tuple[str, int]) -> None:
        self.pending.discard(sample)
        if not self.pending:
            self.opened.set()


def is_late(scenario: Scenario) -> bool:
    """Whether it asks an endpoint that few gateways serve."""
    return not _FIRST.issuperset(step.endpoint for step in scenario.steps)


def in_turn(scenarios: Iterable[Scenario]) -> list[Scenario]:
    """By group in the order of the suite, within a group those with more steps first. Long ones start at once, because
    the others fit beside them."""
    return sorted(scenarios, key=lambda s: (-(s.min_seconds or 0), GROUPS.index(s.group), -len(s.steps)))


class Endpoints:
    """Which endpoints the route lacks, with the reason. One sample asks each first, the others wait for its answer.

    One answer may be chance, so an endpoint is only `doubted` by it: what needs it is put off to the end of the run,
    where the same sample asks again. A second request at once would cool a gateway down for the healthy ones.
    """

    def __init__(
        self, scenarios: Sequence[Scenario], first_sample: int, golden: Collection[str], lacking: Mapping[str, str]
    ) -> None:
        self.lacking = dict(lacking)
        self.doubted: set[str] = set()
        self.scouts: dict[str, tuple[str, int]] = {}
        # a scenario without a golden is not judged, so its answer would tell nothing; a late one must not hold up
        # those that it waits for
        for scenario in sorted(scenarios, key=lambda s: (is_late(s), s.min_seconds or 0, s.id not in golden)):
            self.scouts.setdefault(_doubtful(scenario), (scenario.id, first_sample))
        self.known = {endpoint: asyncio.Event() for endpoint in self.scouts}

    async def wait(self, scenario: Scenario, sample: int) -> None:
        """Returns when it is known whether the route has the endpoint, or when this sample is to find out."""
        endpoint = _doubtful(scenario)
        if endpoint and self.scouts.get(endpoint, (scenario.id, sample)) != (scenario.id, sample):
            await self.known[endpoint].wait()

    def asked(self, scenario: Scenario, sample: int) -> None:
        """That sample has ended."""
        endpoint = _doubtful(scenario)
        if self.scouts.get(endpoint) == (scenario.id, sample):
            self.known[endpoint].set()

    def learn(self, scenario: Scenario, endpoint: str, status: int) -> None:
        """The route answered a step with a status that says that nothing is there."""
        if scenario.group != "errors" and endpoint not in _SURE:
            if endpoint in self.doubted:
                self.lacking.setdefault(endpoint, f"the route answers {status} to {endpoint}")
            self.doubted.add(endpoint)

    def waits(self, scenario: Scenario) -> bool:
        """Whether the scenario needs an endpoint that seemed to be missing."""
        return not self.doubted.isdisjoint(step.endpoint for step in scenario.steps)

    def served(self, endpoint: str) -> None:
        """The route has answered a step there."""
        self.doubted.discard(endpoint)

    def unserved(self, scenario: Scenario, sent: Collection[int]) -> str:
        """Why the route can't serve the scenario; empty where one of its own steps (numbers `sent`) shows it."""
        shown = {scenario.steps[number].endpoint for number in sent}
        return next((self.lacking[s.endpoint] for s in scenario.steps if s.endpoint in self.lacking.keys() - shown), "")


def _doubtful(scenario: Scenario) -> str:
    """The first endpoint of a scenario that a route may lack; empty without one."""
    return next((step.endpoint for step in scenario.steps if step.endpoint not in _SURE), "")
