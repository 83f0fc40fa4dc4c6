"""Where a stream breaks its endpoint's grammar: each choice walks through `lanes`, the stream itself through `whole`.

A kind that has no step in the current state is a break. The walk then goes on from the state to which that kind leads
elsewhere, so that one cause is one break.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from gate import endpoints
from gate.model import Comparison, Event, Grammar
from gate.rules.stream._streams import Stream, StreamPair, streams


@dataclass(frozen=True, slots=True)
class Break:
    """`kind` came in `state`, which has no step for it. `lane` is the choice, None for the whole stream.

    `after` is the kind that should have come before and came after it; empty where `state` is the end. A kind that
    should have come before and never comes makes no break: the rules about missing events report it.
    """

    state: str
    kind: str
    lane: int | None
    event: Event
    after: str


def unseen_breaks(comparison: Comparison) -> tuple[tuple[StreamPair, Break], ...]:
    """The candidate's breaks of order that no golden stream has."""
    return comparison.once(_unseen_breaks)


def _unseen_breaks(comparison: Comparison) -> tuple[tuple[StreamPair, Break], ...]:
    pairs = streams(comparison)
    known = {(b.state, b.kind) for pair in pairs[:1] for golden in pair.golden for b in _breaks(golden)}
    return tuple((pair, b) for pair in pairs for b in _breaks(pair.candidate) if (b.state, b.kind) not in known)


def _breaks(stream: Stream) -> Iterator[Break]:
    """Where the stream leaves its endpoint's order; nothing for an endpoint without a grammar."""
    if not stream.endpoint.whole:  # pragma: no cover (all endpoints that fold a stream have a grammar, today)
        return
    lane_table, whole_table = _tables(stream.observation.endpoint)
    whole, lanes = _Walk(whole_table, None), {lane: _Walk(lane_table, lane) for lane in stream.lanes}
    unfinished, idle = set[int](), None
    for event in stream.observation.events:
        # most events repeat the one before: what changed nothing then changes nothing now
        if event.kinds != idle:
            idle = None if _advance(event, whole, lanes, unfinished) else event.kinds
    for walk in (*lanes.values(), whole):
        yield from walk.breaks.values()


def _advance(event: Event, whole: _Walk, lanes: dict[int, _Walk], unfinished: set[int]) -> bool:
    """Takes one event through all walks, those of its choices first; whether any of them changed."""
    changed, of_choice = False, False
    for kind, lane in event.kinds:
        if lane is not None:
            of_choice, changed = True, lanes[lane].step(event, kind) or changed
            (unfinished.discard if lanes[lane].closed else unfinished.add)(lane)
    if of_choice:
        changed = whole.step(event, "choice") or changed
        changed = (not unfinished and whole.step(event, "finished")) or changed
    for kind, lane in event.kinds:
        if lane is None:
            changed = whole.step(event, kind) or changed
    return changed


class _Table:
    """A grammar, each kind's usual next state (`goals`), and the kinds that leave a state."""

    def __init__(self, grammar: Grammar) -> None:
        self.moves = grammar
        self.goals = {kind: goal for moves in reversed(list(grammar.values())) for kind, goal in moves.items()}
        self.leaving = {
            state: {kind for kind, goal in moves.items() if goal != state} for state, moves in grammar.items()
        }


@functools.cache
def _tables(name: str) -> tuple[_Table, _Table]:
    endpoint = endpoints.endpoint(name)
    return _Table(endpoint.lanes), _Table(endpoint.whole)


class _Walk:
    """One walk through one table."""

    def __init__(self, table: _Table, lane: int | None) -> None:
        self.table, self.lane, self.state = table, lane, "start"
        self.waiting: dict[tuple[str, str], Event] = {}  # (state, kind) without a step, until the step comes
        self.awaited: set[str] = set()  # the kinds that would make one of them a break
        self.breaks: dict[tuple[str, str], Break] = {}

    @property
    def closed(self) -> bool:
        return not self.table.leaving[self.state]

    def step(self, event: Event, kind: str) -> bool:
        """Takes one step; False where it changed nothing, so that the same step again changes nothing either."""
        goal = self.table.moves[self.state].get(kind)
        if goal == self.state and kind not in self.awaited:
            return False
        if kind not in self.table.goals:  # comments and unknown events have no place in the order
            return False
        # the step that was missed has come: only now it is known that the order is wrong, not that an event is missing
        for state, early in [key for key in self.waiting if kind in self.table.leaving[key[0]]]:
            self._break(state, early, self.waiting.pop((state, early)), kind)
        if goal is None:
            self._miss(event, kind)
            goal = self.state if self.closed else self.table.goals[kind]  # nothing leads out of the end
        self.state = goal
        return True

    def _miss(self, event: Event, kind: str) -> None:
        if self.closed:
            self._break(self.state, kind, event, "")
        else:
            self.waiting.setdefault((self.state, kind), event)
            self.awaited |= self.table.leaving[self.state]

    def _break(self, state: str, kind: str, event: Event, after: str) -> None:
        self.breaks.setdefault((state, kind), Break(state, kind, self.lane, event, after))
