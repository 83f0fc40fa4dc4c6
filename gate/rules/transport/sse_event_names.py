"""The names of events (`event:` lines) are gone, or others."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Event, Observation, Rule, Severity
from gate.observe.answer import numbered, shown
from gate.rules.transport._frames import is_stream
from gate.wire.shape import show

_DEFAULT = "message"  # what the standard calls an event without a name


def check(comparison: Comparison) -> Iterator[Drift]:
    """EventSource hands each event to the listeners of its name; an event that repeats its own `type` is no news."""
    golden, candidate = comparison.golden, comparison.candidate
    streams = [g for g in golden if is_stream(g)]
    raw = shown(streams, _raw)
    for sample, found in numbered(candidate):
        if raw and is_stream(found) and not _raw(found) <= raw:
            known = shown(streams, lambda g: filter(None, map(_name, g.events)))
            other = next((e for e in found.events if _name(e) and not _known(e, known)), None)
            yield from [_drift(other, known, sample)] if other and known else ()


def _drift(event: Event, known: frozenset[str], sample: int) -> Drift:
    what = f"named {show(event.frame.event, 40)}" if event.frame.event else "without a name"
    gold = " or ".join(show(one, 40) for one in sorted(known)[:4])
    return Drift(
        path="frames",
        message=f"events come {what}",
        golden=gold,
        candidate=what,
        sample=sample,
        severity=None,
        frame=event.frame.number,
        byte=event.frame.start,
    )


def _raw(found: Observation) -> frozenset[str]:
    """Whatever its event: lines say, which is cheap to see; in nearly every pair there is nothing new."""
    return frozenset(event.frame.event or _DEFAULT for event in found.events if isinstance(event.doc, dict))


def _name(event: Event) -> str:
    """The name under which a client gets the event; empty where it brings no chunk of an answer."""
    aside = event.frame.data is None or not isinstance(event.doc, dict) or any(k == "error" for k, _ in event.kinds)
    return "" if aside else event.frame.event or _DEFAULT


def _known(event: Event, known: frozenset[str]) -> bool:
    """A name that the golden has; or another type of event under its own name, which is the model's choice."""
    itself = event.frame.event is not None and event.frame.event == event.doc.get("type")
    return _name(event) in known or (itself and known != {_DEFAULT})


RULE = Rule(
    id="sse-event-names",
    area="transport",
    severity=Severity.RISKY,
    summary="the events of the stream have other names, or none",
    who_breaks="EventSource and SDKs that dispatch by the event's name: no listener is called, the answer is empty",
    hint="let the gateway pass event: lines through, and add none",
    check=check,
)
