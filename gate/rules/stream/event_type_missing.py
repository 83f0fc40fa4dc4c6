"""Event types that every golden stream has are gone (ST40): transcripts, speech, images, and unknown endpoints."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Event, Observation, Rule, Severity
from gate.observe.alive import keeps_alive
from gate.observe.answer import carries_error, damaged, grammar
from gate.observe.scopes import has_streams
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where events have a type. What items a response has is the model's choice: lifecycle-events-missing judges it."""
    golden = [_types(sample) for sample in comparison.golden if _is_judged(sample)]
    usual = [kind for kind in golden[0] if all(kind in types for types in golden)] if golden else []
    for pair in comparison.pairs if usual else ():
        types = _types(pair.candidate) if _is_judged(pair.candidate) else usual
        lost = [kind for kind in usual if kind not in types]
        # that the end alone is missing is stream-unfinished's
        if not grammar(pair.candidate).ends.issuperset(lost):
            # clients take the answer, or stop to wait, at the last one; of the others fewer may come by right
            essential = lost[-1] == usual[-1] or len(lost) == len(usual)
            yield pair.drift(
                path="events",
                message=f"no event is called {' or '.join(lost)}",
                golden=", ".join(usual),
                candidate=show(", ".join(types) or "no event with a type", 120),
                severity=None if essential else Severity.RISKY,
            )


def _is_judged(observation: Observation) -> bool:
    whole = observation.form == "stream" and observation.ok and not (damaged(observation) or carries_error(observation))
    return whole and not grammar(observation).typed


def _types(observation: Observation) -> list[str]:
    """The types of a stream's events, in the order in which each came last."""
    kinds = [kind for event in observation.events if (kind := _type(event))]
    return list(reversed(dict.fromkeys(reversed(kinds))))


def _type(event: Event) -> str:
    named = event.doc.get("type") if isinstance(event.doc, dict) else None
    kind = named if isinstance(named, str) else event.frame.event or ""
    return "" if not kind or keeps_alive(kind) else kind[:80]


RULE = Rule(
    id="event-type-missing",
    area="stream",
    # ST40: SDKs dispatch by the type, and pass over what they do not know
    severity=Severity.BREAKING,
    summary="an event type that every golden stream has is gone",
    who_breaks="clients that dispatch by type see no text, no sound or no end, and no error either",
    hint="send the endpoint's own events under their own names",
    check=check,
    where=has_streams,
)
