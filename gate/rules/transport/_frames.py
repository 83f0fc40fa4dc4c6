"""How frames of an event stream can be odd, each oddity by its name. Oddities of a golden stream are no drift."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from gate.model import MISSING, Comparison, Drift, Ending, Event, Frame, Observation, Pair, Severity
from gate.observe.answer import word
from gate.observe.breaches import read
from gate.wire.shape import show
from gate.wire.sse import lost

Name = Literal[
    "bare-json", "broken-json", "comment", "comment-after-id", "comment-in-data", "dataless", "lost-data", "plain-text",
    "prefix-doubled", "split", "unknown-line", "unspaced", "unterminated",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Oddity:
    """The first event whose frame is odd in one way, and the number of such frames."""

    event: Event
    count: int


Oddities = Mapping[Name, Oddity]


@dataclass(frozen=True, slots=True)
class Fault:
    """What a rule reports of one oddity; `golden` is what the golden does instead."""

    message: str
    golden: str
    severity: Severity | None = None


Faults = Mapping[Name, Fault]


def drifts(comparison: Comparison, faults: Faults) -> Iterator[Drift]:
    """One drift for each of these oddities that a candidate's stream has and no golden's."""
    for pair, oddities in comparison.once(_unseen):
        for name, fault in faults.items():
            if name in oddities:
                yield _drift(pair, fault, oddities[name])


def is_stream(observation: Observation) -> bool:
    """A success that came as an event stream."""
    return observation.ok and observation.form == "stream"


def _drift(pair: Pair, fault: Fault, oddity: Oddity) -> Drift:
    times = f" ({oddity.count} frames)" if oddity.count > 1 else ""
    return pair.drift(
        path="frames",
        message=_message(fault, oddity.event),
        golden=fault.golden,
        candidate=show(_text(oddity.event.frame), 120) + times,
        severity=fault.severity,
        at=oddity.event,
    )


def _message(fault: Fault, event: Event) -> str:
    """The fault's message; for JSON that is no object, the type that it has instead."""
    invalid = event.kinds == (("invalid", None),) and event.frame.data
    value = read(event.frame.data or "").value if invalid else MISSING
    return fault.message if value is MISSING else f"a data: line holds {word(value)}, not an object"


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


def _unseen(comparison: Comparison) -> tuple[tuple[Pair, Oddities], ...]:
    """The candidate's streams with their oddities, less those of the golden; empty where no golden is a stream."""
    golden = [_oddities(observation) for observation in comparison.golden if is_stream(observation)]
    known = {name for oddities in golden for name in oddities}
    return tuple(
        (pair, {name: oddity for name, oddity in _oddities(pair.candidate).items() if name not in known})
        for pair in comparison.pairs
        if golden and is_stream(pair.candidate)
    )


def _oddities(observation: Observation) -> Oddities:
    first: dict[Name, Event] = {}
    counts: dict[Name, int] = {}
    identified = False
    for event in _read(observation):
        for name in () if _is_plain(event) else _names(event, identified):
            first.setdefault(name, event)
            counts[name] = counts.get(name, 0) + 1
        identified = identified or bool(event.frame.id)
    return {name: Oddity(event, counts[name]) for name, event in first.items()}


def _read(observation: Observation) -> tuple[Event, ...]:
    """The events that a client reads: none after the sentinel, and no half one at the end of a broken stream."""
    events = observation.events
    # the frame that was being sent when the connection broke: body-cut reports the cut
    if events and observation.ending is not Ending.COMPLETE and not events[-1].frame.terminated:
        events = events[:-1]
    end = next((n for n, event in enumerate(events) if event.kinds == (("done", None),)), len(events))
    return events[: end + 1]


def _is_plain(event: Event) -> bool:
    """Whether a frame is as nearly all are, and has none of the oddities."""
    frame = event.frame
    odd = frame.comments or frame.unknown or not frame.terminated or event.kinds == (("invalid", None),)
    return bool(frame.data and frame.spaced and frame.data_lines == 1 and not odd)


def _names(event: Event, identified: bool) -> Iterator[Name]:
    """The oddities of one frame; `identified`: a frame before it had an id."""
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
    # nothing is lost with an unterminated [DONE] (T04's twin)
    if not frame.terminated and event.kinds != (("done", None),):
        yield "unterminated"
    if event.kinds == (("invalid", None),):
        yield _invalid(frame.data.lstrip())


def _invalid(data: str) -> Name:
    """Why a frame's data is not JSON."""
    if not data:
        return "dataless"
    if data.startswith("data:"):
        return "prefix-doubled"
    return "comment-in-data" if data[0] == ":" else "broken-json" if data[0] in "{[" else "plain-text"
