"""Events lose their sequence_number, or it no longer counts up by one (RS01, RS03)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from gate.endpoints import member
from gate.model import Comparison, Drift, Event, Json, Observation, Rule, Severity
from gate.observe.answer import comparable, damaged, numbered
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Absolute values mean nothing; only steps do, and only where every golden stream counts without a gap (B38)."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        like = comparable(golden, found)
        if not like or not all(map(_counts, like)):
            continue
        # a missing number makes a gap as well; typed clients stumble at the missing one
        missing, gap = _missing(found), _gap(found)
        if missing:
            message = "sequence_number is missing"
            yield _drift(missing, message, "on every event", "absent", sample, Severity.BREAKING)
        elif gap and not damaged(found):
            before, event = gap
            message = f"sequence_number goes from {show(before, 20)} to {show(_number(event), 20)}"
            yield _drift(event, message, "+1 from event to event", show(_number(event), 20), sample, Severity.RISKY)


def _drift(event: Event, message: str, gold: str, here: str, sample: int, severity: Severity) -> Drift:
    return Drift(
        path="sequence_number",
        message=message,
        golden=gold,
        candidate=here,
        sample=sample,
        severity=severity,
        frame=event.frame.number,
        byte=event.frame.start,
    )


def _events(found: Observation) -> list[Event]:
    return [event for event in found.events if isinstance(event.doc, dict)]


def _number(event: Event) -> Json:
    return member(event.doc, "sequence_number")


def _counts(found: Observation) -> bool:
    return bool(_events(found)) and not _missing(found) and not _gap(found)


def _missing(found: Observation) -> Event | None:
    return next((event for event in _events(found) if type(_number(event)) is not int), None)


def _gap(found: Observation) -> tuple[Json, Event] | None:
    for one, other in pairwise(_events(found)):
        before, after = _number(one), _number(other)
        if type(before) is int and type(after) is int and after != before + 1:
            return before, other
    return None


RULE = Rule(
    id="sequence-number",
    area="responses",
    severity=Severity.BREAKING,
    summary="the events' sequence_number is missing or has gaps",
    who_breaks="typed clients fail with `missing field sequence_number`; others reorder or drop events",
    hint="number the events once, after the gateway has merged or dropped some",
    check=check,
)
