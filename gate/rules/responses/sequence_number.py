"""Events lose their sequence_number, or it no longer counts up by one (RS01, RS03)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from gate.endpoints import member
from gate.model import Comparison, Drift, Event, Json, Observation, Pair, Rule, Severity
from gate.observe.answer import damaged
from gate.observe.scopes import is_responses
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Steps count, not values, and only where every golden stream counts without a gap (B38)."""
    for pair in comparison.answers:
        if not all(map(_counts, pair.golden)):
            continue
        # a missing number is a gap as well, and typed clients fail at the missing one
        missing, gap = _missing(pair.candidate), _gap(pair.candidate)
        if missing:
            message = "sequence_number is missing"
            yield _drift(pair, missing, message, "on every event", "absent", Severity.BREAKING)
        elif gap and not damaged(pair.candidate):
            before, after = (show(_number(event), 20) for event in gap)
            message = f"sequence_number goes from {before} to {after}"
            yield _drift(pair, gap[1], message, "+1 from event to event", after, Severity.RISKY)


def _drift(pair: Pair, event: Event, message: str, golden: str, candidate: str, severity: Severity) -> Drift:
    return pair.drift(
        path="sequence_number", message=message, golden=golden, candidate=candidate, severity=severity, at=event
    )


def _events(observation: Observation) -> list[Event]:
    return [event for event in observation.events if isinstance(event.doc, dict)]


def _number(event: Event) -> Json:
    return member(event.doc, "sequence_number")


def _counts(observation: Observation) -> bool:
    return bool(_events(observation)) and not _missing(observation) and not _gap(observation)


def _missing(observation: Observation) -> Event | None:
    return next((event for event in _events(observation) if type(_number(event)) is not int), None)


def _gap(observation: Observation) -> tuple[Event, Event] | None:
    """The first two events in a row whose numbers do not follow each other."""
    for pair in pairwise(_events(observation)):
        before, after = map(_number, pair)
        if type(before) is int and type(after) is int and after != before + 1:
            return pair
    return None


RULE = Rule(
    id="sequence-number",
    area="responses",
    # RS01, a missing field, fails in serde clients; RS03, a gap, only in those that sort or check
    severity=Severity.BREAKING,
    summary="the events' sequence_number is missing or has gaps",
    who_breaks="typed clients fail with `missing field sequence_number`; others reorder or drop events",
    hint="number the events once, after the gateway has merged or dropped some",
    check=check,
    where=is_responses,
)
