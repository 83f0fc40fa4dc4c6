"""The streamed answers of both sides, their events sorted by kind and choice, for all rules about streams."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from gate.model import Comparison, Drift, Endpoint, Event, Kinds, Observation, Pair, Problem, Severity
from gate.observe.answer import choices, damaged, grammar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stream:
    """A streamed answer. A lane is a choice, by its index; events of the whole stream have the lane None.

    `events` has the events of a kind in a lane, in order; `spans` the first and the last event of each choice.
    """

    observation: Observation
    events: Mapping[tuple[str, int | None], tuple[Event, ...]]
    spans: Mapping[int, tuple[Event, Event]]

    @property
    def endpoint(self) -> Endpoint:
        return grammar(self.observation)

    @property
    def lanes(self) -> tuple[int, ...]:
        """The indexes of its choices, sorted."""
        return tuple(self.spans)

    def of(self, kind: str, lane: int | None = None) -> tuple[Event, ...]:
        """The events of one kind in one lane, in order."""
        return self.events.get((kind, lane), ())

    def finish_path(self, lane: int) -> str:
        """The path of a choice's finish reason."""
        known = (choice.finish_path for choice in choices(self.observation) if choice.index == lane)
        # a choice that the fold has not: its chunks had no object for it
        return next(known, f"choices[{lane}].finish_reason")

    @property
    def undamaged(self) -> bool:
        """Whether a client can read all its events."""
        return not damaged(self.observation)


class StreamPair(NamedTuple):
    """A pair of a comparison whose answers are streams; all pairs of a comparison share the same `golden`."""

    pair: Pair
    candidate: Stream
    golden: tuple[Stream, ...]


def streams(comparison: Comparison) -> tuple[StreamPair, ...]:
    """The candidate's streamed answers, each with the golden's; empty where either side has none."""
    return comparison.once(_pairs)


def unseen(comparison: Comparison, trait: Callable[[Stream], T | None]) -> Iterator[tuple[Pair, Stream, T]]:
    """(pair, stream, trait) of each candidate stream with a trait that no golden stream has; a falsy one is none."""
    for pair, stream, golden in streams(comparison):
        value = trait(stream)
        if value and not any(map(trait, golden)):
            yield pair, stream, value


def _pairs(comparison: Comparison) -> tuple[StreamPair, ...]:
    streamed = [pair for pair in comparison.answers if pair.candidate.form == "stream"]
    golden = tuple(_stream(observation) for pair in streamed[:1] for observation in pair.golden)
    return tuple(StreamPair(pair, _stream(pair.candidate), golden) for pair in streamed)


def _stream(observation: Observation) -> Stream:
    # most events do the same as others: what one does is looked at once for all of them
    alike: dict[Kinds, list[Event]] = defaultdict(list)
    for event in observation.events:
        alike[event.kinds].append(event)
    groups: dict[tuple[str, int | None], list[list[Event]]] = defaultdict(list)
    for kinds, those in alike.items():
        for kind in kinds:
            groups[kind].append(those)
    events = {kind: _in_order(of) for kind, of in groups.items()}
    ends: dict[int, list[Event]] = defaultdict(list)
    for (_, lane), of in events.items():
        if lane is not None:
            ends[lane] += of[0], of[-1]
    spans = {lane: (min(of, key=_number), max(of, key=_number)) for lane, of in sorted(ends.items())}
    return Stream(observation, events, spans)


def _in_order(groups: list[list[Event]]) -> tuple[Event, ...]:
    return tuple(groups[0] if len(groups) == 1 else sorted(itertools.chain(*groups), key=_number))


def _number(event: Event) -> int:
    return event.frame.number


def problem_drift(pair: Pair, problem: Problem, message: str, golden: str, severity: Severity | None = None) -> Drift:
    """A drift that a problem of the candidate's fold shows, at the event of the problem's frame."""
    frame, events = problem.frame, pair.candidate.events  # a frame's number is the position of its event
    at = events[frame] if frame is not None and 0 <= frame < len(events) else None
    return pair.drift(
        path=problem.path, message=message, golden=golden, candidate=problem.detail, severity=severity, at=at
    )


def is_finish(path: str) -> bool:
    """Whether a path is a choice's finish_reason; `status` of the Responses API is judged by its schema."""
    return path.endswith(".finish_reason")
