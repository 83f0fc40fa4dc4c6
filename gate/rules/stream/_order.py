"""A stream walked through its endpoint's grammar: each choice through `lanes`, the stream itself through `whole`.

A kind without an entry in the current state is a break. What follows a break is walked on from where the kind leads
elsewhere, so that one cause is one break.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from gate import endpoints
from gate.model import Event, Grammar, Samples
from gate.observe.answer import grammar
from gate.rules.stream._streams import Stream, judged, streams


@dataclass(frozen=True, slots=True)
class Break:
    """`kind` came in `state`, which has no step for it. `lane` is the choice, None for the whole stream.

    `after`: what should have come before and came after it; empty where `state` is the end. A break whose missing
    step never comes is none of order: rules about what is missing tell of it.
    """

    state: str
    kind: str
    lane: int | None
    event: Event
    after: str


class _Table:
    """A grammar with what a walk needs to know of it."""

    def __init__(self, table: Grammar) -> None:
        self.moves = table
        self.goals = {kind: goal for moves in reversed(list(table.values())) for kind, goal in moves.items()}
        self.leaving = {s: {k for k, goal in moves.items() if goal != s} for s, moves in table.items()}


class _Walk:
    """One walk through one table."""

    def __init__(self, table: _Table, lane: int | None) -> None:
        self.table, self.lane, self.state = table, lane, "start"
        self.waiting: dict[tuple[str, str], Event] = {}
        self.awaited: set[str] = set()  # the kinds that would make one of them a break
        self.breaks: dict[tuple[str, str], Break] = {}

    @property
    def closed(self) -> bool:
        return not self.table.leaving[self.state]

    def step(self, event: Event, kind: str) -> bool:
        """Takes one step; True where it changed nothing, so that the same step again changes nothing either."""
        goal = self.table.moves[self.state].get(kind)
        if goal == self.state and kind not in self.awaited:
            return True
        if kind not in self.table.goals:  # comments, unknown events: no matter of order
            return True
        for state, early in [key for key in self.waiting if kind in self.table.leaving[key[0]]]:
            self._note(state, early, self.waiting.pop((state, early)), kind)
        if goal is None:
            self._miss(event, kind)
            goal = self.state if self.closed else self.table.goals[kind]  # what is over stays over
        self.state = goal
        return False

    def _miss(self, event: Event, kind: str) -> None:
        if self.closed:
            self._note(self.state, kind, event, "")
        else:
            self.waiting.setdefault((self.state, kind), event)
            self.awaited |= self.table.leaving[self.state]

    def _note(self, state: str, kind: str, event: Event, after: str) -> None:
        self.breaks.setdefault((state, kind), Break(state, kind, self.lane, event, after))


@functools.cache
def _tables(name: str) -> tuple[_Table, _Table]:
    endpoint = endpoints.endpoint(name)
    return _Table(endpoint.lanes), _Table(endpoint.whole)


def breaks(stream: Stream) -> Iterator[Break]:
    """Where the stream leaves its endpoint's order; nothing for an endpoint without a grammar."""
    if not grammar(stream.found).lanes:  # pragma: no cover (all endpoints that fold a stream have one, today)
        return
    own, table = _tables(stream.found.endpoint)
    whole, lanes = _Walk(table, None), {lane: _Walk(own, lane) for lane in stream.lanes}
    unfinished, last = set[int](), None
    for event in stream.found.events:
        if event.kinds != last:
            last = event.kinds if _step(event, whole, lanes, unfinished) else None
    for walk in (*lanes.values(), whole):
        yield from walk.breaks.values()


def _step(event: Event, whole: _Walk, lanes: dict[int, _Walk], unfinished: set[int]) -> bool:
    """One event through all walks: its choices first, and then what it does to the stream."""
    still, here = True, False
    for kind, lane in event.kinds:
        if lane is not None:
            here, still = True, lanes[lane].step(event, kind) and still
            (unfinished.discard if lanes[lane].closed else unfinished.add)(lane)
    if here:
        still = whole.step(event, "choice") and still
        still = (bool(unfinished) or whole.step(event, "finished")) and still
    for kind, lane in event.kinds:
        if lane is None:
            still = whole.step(event, kind) and still
    return still


@functools.lru_cache(8)
def unseen_breaks(golden: Samples, candidate: Samples) -> tuple[tuple[Stream, Break], ...]:
    """The candidate's breaks of order that no golden stream has."""
    known = {(b.state, b.kind) for g in streams(golden) for b in breaks(g)}
    return tuple(
        (stream, b) for _, stream in judged(golden, candidate) for b in breaks(stream) if (b.state, b.kind) not in known
    )
