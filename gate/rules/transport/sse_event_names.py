"""The names of events (`event:` lines) are gone, or others."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Drift, Event, Rule, Samples, Severity
from gate.questions import numbered, shown
from gate.rules.transport._frames import is_stream
from gate.wire.shape import show

_DEFAULT = "message"  # what the standard calls an event without a name


def check(golden: Samples, candidate: Samples) -> Iterator[Drift]:
    """EventSource hands each event to the listeners of its name; an event that repeats its own `type` is no news."""
    known = shown((g for g in golden if is_stream(g)), lambda g: filter(None, map(_name, g.events)))
    for sample, found in numbered(candidate):
        for event in found.events if known and is_stream(found) else ():
            name = _name(event)
            if name and name not in known and not _says_itself(event, known):
                what = f"named {show(name, 40)}" if event.frame.event else "without a name"
                evidence = " or ".join(show(one, 40) for one in sorted(known)[:4]), what
                frame = event.frame
                yield Drift("frames", f"events come {what}", *evidence, sample, None, frame.number, frame.start)
                break


def _name(event: Event) -> str:
    """The name under which a client gets the event; empty where it brings no chunk of an answer."""
    aside = event.frame.data is None or not isinstance(event.doc, dict) or any(k == "error" for k, _ in event.kinds)
    return "" if aside else event.frame.event or _DEFAULT


def _says_itself(event: Event, known: frozenset[str]) -> bool:
    """Another type of event under its own name, where the golden names its events: the model's choice."""
    return event.frame.event == event.doc.get("type") and known != {_DEFAULT}


RULE = Rule(
    id="sse-event-names",
    area="transport",
    severity=Severity.RISKY,
    summary="the events of the stream have other names, or none",
    who_breaks="EventSource and SDKs that dispatch by the event's name: no listener is called, the answer is empty",
    hint="let the gateway pass event: lines through, and add none",
    check=check,
)
