"""The names of events (`event:` lines) are missing or changed."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Event, Observation, Rule, Severity
from gate.observe.answer import shown
from gate.observe.scopes import has_streams
from gate.rules.transport._frames import is_stream
from gate.wire.shape import show

_DEFAULT = "message"  # https://html.spec.whatwg.org/multipage/server-sent-events.html#dispatchMessage


def check(comparison: Comparison) -> Iterator[Drift]:
    """EventSource hands each event to the listeners of its name; a name that repeats the event's `type` may be new."""
    golden = [observation for observation in comparison.golden if is_stream(observation)]
    raw = shown(golden, _raw_names)
    streams = [pair for pair in comparison.pairs if is_stream(pair.candidate)]
    # nearly no stream has a new name, which is cheap to see
    renamed = [pair for pair in streams if raw and not _raw_names(pair.candidate) <= raw]
    known = shown(golden, _names) if renamed else frozenset()
    for pair in renamed if known else ():
        other = next((e for e in pair.candidate.events if _name(e) and not _known(e, known)), None)
        if other:
            name = f"named {show(other.frame.event, 40)}" if other.frame.event else "without a name"
            yield pair.drift(
                path="frames",
                message=f"the stream has events {name}",
                golden=" or ".join(show(golden_name, 40) for golden_name in sorted(known)[:4]),
                candidate=name,
                at=other,
            )


def _raw_names(observation: Observation) -> frozenset[str]:
    """The names of all events with JSON, errors among them."""
    return frozenset(event.frame.event or _DEFAULT for event in observation.events if isinstance(event.doc, dict))


def _names(observation: Observation) -> Iterator[str]:
    return filter(None, map(_name, observation.events))


def _name(event: Event) -> str:
    """The name under which a client gets the event; empty where it has no chunk of an answer."""
    aside = event.frame.data is None or not isinstance(event.doc, dict) or any(k == "error" for k, _ in event.kinds)
    return "" if aside else event.frame.event or _DEFAULT


def _known(event: Event, known: frozenset[str]) -> bool:
    """A name that the golden has; or another type of event under its own name, which is the model's choice."""
    own_type = event.frame.event is not None and event.frame.event == event.doc.get("type")
    return _name(event) in known or (own_type and known != {_DEFAULT})


RULE = Rule(
    id="sse-event-names",
    area="transport",
    # EventSource dispatches by name; readers of `data:` alone see no difference
    severity=Severity.RISKY,
    summary="the events of the stream have other names than the golden's, or none",
    who_breaks="EventSource and SDKs that dispatch by the event's name: no listener is called, the answer is empty",
    hint="let the gateway pass event: lines through, and add none",
    check=check,
    where=has_streams,
    needs=("framing",),
)
