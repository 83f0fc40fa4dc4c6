"""What the rules about streams share: answered streams of both sides, their events sorted by what they do."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gate.model import Drift, Event, Observation, Problem, ProblemCode, Samples, Severity
from gate.observe.answer import answered, choices, damaged


@dataclass(frozen=True, slots=True)
class Stream:
    """One answered stream. `by` has its events by kind and choice, in order; `spans` each choice's first and last."""

    sample: int
    found: Observation
    by: Mapping[tuple[str, int | None], tuple[Event, ...]]
    spans: Mapping[int, tuple[Event, Event]]

    @property
    def lanes(self) -> tuple[int, ...]:
        """The indexes of its choices."""
        return tuple(self.spans)

    def of(self, kind: str, lane: int | None = None) -> tuple[Event, ...]:
        """The events that do one kind of thing in one choice (None: the whole stream)."""
        return self.by.get((kind, lane), ())

    def lane_path(self, lane: int) -> str:
        """Where the finish of a choice stands."""
        known = (c.finish_path for c in choices(self.found) if c.index == lane)
        return next(known, f"choices[{lane}].finish_reason")

    @property
    def whole(self) -> bool:
        """No event of it was damaged."""
        return not damaged(self.found)


@functools.lru_cache(8)
def streams(samples: Samples) -> tuple[Stream, ...]:
    """The samples that are answered streams."""
    return tuple(_stream(n, o) for n, o in enumerate(samples) if o.form == "stream" and answered(o))


def _stream(sample: int, found: Observation) -> Stream:
    by: dict[tuple[str, int | None], list[Event]] = defaultdict(list)
    spans: dict[int, tuple[Event, Event]] = {}
    for event in found.events:
        for kind, lane in event.kinds:
            by[kind, lane].append(event)
            if lane is not None:
                spans[lane] = (spans[lane][0] if lane in spans else event, event)
    return Stream(sample, found, {key: tuple(events) for key, events in by.items()}, dict(sorted(spans.items())))


def judged(golden: Samples, candidate: Samples) -> Iterator[tuple[tuple[Stream, ...], Stream]]:
    """Each stream of the candidate with the golden's; nothing where either side has none."""
    like = streams(golden)
    yield from ((like, stream) for stream in streams(candidate) if like)


def unseen_problems(golden: Samples, candidate: Samples, *codes: ProblemCode) -> Iterator[tuple[Stream, Problem]]:
    """Where a client's fold of the candidate stumbles in one of these ways, and of no golden."""
    for like, stream in judged(golden, candidate):
        known = {p.code for g in like for p in g.found.problems}
        for problem in stream.found.problems:
            if problem.code in codes and problem.code not in known:
                yield stream, problem


def event_at(stream: Stream, frame: int | None) -> Event | None:
    """The event of a frame number, which is its place among the events."""
    events = stream.found.events
    return events[frame] if frame is not None and 0 <= frame < len(events) else None


def drift(
    stream: Stream,
    event: Event | None,
    path: str,
    message: str,
    golden: str,
    candidate: str,
    severity: Severity | None = None,
) -> Drift:
    """A drift of one stream, at one of its events."""
    number, byte = (event.frame.number, event.frame.start) if event else (None, None)
    return Drift(
        path=path,
        message=message,
        golden=golden,
        candidate=candidate,
        sample=stream.sample,
        severity=severity,
        frame=number,
        byte=byte,
    )


def in_finish(path: str) -> bool:
    """Whether a path is a choice's finish: the Responses API's `status` is none, and judged by its schema."""
    return path.endswith(".finish_reason")
