"""How frames of an event stream can be odd, each oddity by its name; a client of the golden lives with the golden's."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gate.model import Drift, Ending, Event, Frame, Observation, Samples, Severity
from gate.wire.shape import show
from gate.wire.sse import lost


@dataclass(frozen=True, slots=True)
class Oddity:
    """The first frame that is odd in one way, and how many are."""

    frame: Frame
    count: int


@dataclass(frozen=True, slots=True)
class Say:
    """What a rule says of one oddity; `golden` is what the golden does instead."""

    message: str
    golden: str
    severity: Severity | None = None


def drifts(golden: Samples, candidate: Samples, says: Mapping[str, Say]) -> Iterator[Drift]:
    """One drift for each oddity among `says` that a candidate's stream has and no golden's."""
    known = {name for found, odd in zip(golden, oddities(golden), strict=True) if is_stream(found) for name in odd}
    if not any(map(is_stream, golden)):
        return
    for sample, (found, odd) in enumerate(zip(candidate, oddities(candidate), strict=True)):
        for name in says if is_stream(found) else ():
            if name in odd and name not in known:
                yield _drift(says[name], odd[name], sample)


def is_stream(found: Observation) -> bool:
    """A success that came as an event stream."""
    return found.ok and found.form == "stream"


def _drift(say: Say, odd: Oddity, sample: int) -> Drift:
    times = f" ({odd.count} frames)" if odd.count > 1 else ""
    shown = show(_text(odd.frame), 120) + times
    return Drift(
        path="frames",
        message=say.message,
        golden=say.golden,
        candidate=shown,
        sample=sample,
        severity=say.severity,
        frame=odd.frame.number,
        byte=odd.frame.start,
    )


def _text(frame: Frame) -> str:
    """A frame as it reads on the wire, from what is odd in it."""
    if frame.unknown:
        return frame.unknown[0]
    if frame.data is not None:
        return f"data:{' ' if frame.spaced else ''}{frame.data}"
    if frame.comments:
        return f":{frame.comments[0]}" if frame.comments[0].startswith(" ") else f": {frame.comments[0]}"
    fields = {"event": frame.event, "id": frame.id, "retry": frame.retry}
    return ", ".join(f"{name}: {value}" for name, value in fields.items() if value is not None)


@functools.lru_cache(8)
def oddities(samples: Samples) -> tuple[Mapping[str, Oddity], ...]:
    """Of each sample, the oddities of its frames by name; empty where it is no stream."""
    return tuple(_of_events(_whole(found)) for found in samples)


def _whole(found: Observation) -> tuple[Event, ...]:
    """The events that a client reads to their end: none after the sentinel, and no half one where the stream broke."""
    events = found.events
    if events and found.ending is not Ending.COMPLETE and not events[-1].frame.terminated:
        events = events[:-1]
    end = next((n for n, event in enumerate(events) if event.kinds == (("done", None),)), len(events))
    return events[: end + 1]


def _of_events(events: tuple[Event, ...]) -> Mapping[str, Oddity]:
    first: dict[str, Frame] = {}
    counts: dict[str, int] = {}
    identified = False
    for event in events:
        for name in _names(event, identified):
            first.setdefault(name, event.frame)
            counts[name] = counts.get(name, 0) + 1
        identified = identified or bool(event.frame.id)
    return {name: Oddity(frame, counts[name]) for name, frame in first.items()}


def _names(event: Event, identified: bool) -> Iterator[str]:
    frame = event.frame
    if frame.unknown:
        yield lost(frame.unknown[0])
    if frame.comments:
        yield "comment"
    if frame.data is None:
        # openai-python up to 2.37 dispatches on any blank line once an id was set (T13)
        if frame.comments and identified and frame.terminated:
            yield "comment-after-id"
        if event.kinds == (("dataless", None),):
            yield "dataless"
        return
    if frame.data and not frame.spaced:
        yield "unspaced"
    if frame.data_lines > 1:
        yield "split"
    if not frame.terminated and event.kinds != (("done", None),):
        yield "unterminated"
    if event.kinds == (("invalid", None),):
        yield _broken(frame.data.lstrip())


def _broken(data: str) -> str:
    if not data:
        return "dataless"
    if data.startswith("data:"):
        return "prefix-doubled"
    return "comment-in-data" if data[0] == ":" else "broken-json" if data[0] in "{[" else "plain-text"
