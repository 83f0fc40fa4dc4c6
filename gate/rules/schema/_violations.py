"""Where the candidate breaks the API's schema and no golden sample does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gate.model import Drift, Event, Observation, Pair, Violation
from gate.rules.owners import Kind, owner
from gate.rules.schema._strays import strays
from gate.wire.paths import name
from gate.wire.shape import indexless, show, type_of

_KEYWORDS: Mapping[Kind, frozenset[str]] = {
    "missing": frozenset({"required"}),
    "null": frozenset({"null"}),
    "type": frozenset({"type"}),
    "value": frozenset({"enum", "const", "minLength", "minItems"}),
}


def violations(pair: Pair, kind: Kind) -> Iterator[Violation]:
    """The candidate's violations of one kind that no golden sample of the same form shows."""
    candidate = pair.candidate
    broken = [v for v in candidate.violations if v.keyword in _KEYWORDS[kind] and not owner(v.path, kind)]
    if not broken:
        return
    excused = {_mark(v, is_choiceless(golden, v)) for golden in pair.golden for v in golden.violations}
    apart = {event.frame.number for event in strays(pair)}
    for violation in broken:
        # a golden's first frame without a choice excuses nothing of the frames that answer
        marks = {_mark(violation, False), _mark(violation, is_choiceless(candidate, violation))}
        if excused.isdisjoint(marks) and violation.frame not in apart:
            yield violation


def _mark(violation: Violation, choiceless: bool) -> tuple[str, str, str, bool]:
    """What one violation excuses: the same fault at the same path, in frames with a choice or in those without."""
    # one wrong word of an enum does not excuse another (row of S24); one wrong type excuses all values of it
    value = show(violation.value, 40) if violation.keyword in ("enum", "const") else type_of(violation.value)
    return indexless(violation.path), violation.keyword, value, choiceless


def forbidden(pair: Pair, violation: Violation, *, message: str, golden: str, candidate: str) -> Drift:
    """The drift of one violation, at its event and with its weight; the message goes on after the field's name."""
    return pair.drift(
        path=violation.path,
        message=f"{name(violation.path)} {message}",
        golden=golden,
        candidate=candidate,
        severity=violation.severity,
        at=_event(pair.candidate, violation),
    )


def is_choiceless(observation: Observation, violation: Violation) -> bool:
    """Whether it is in a chunk without a choice, as Azure's first is, which has no id and no model either (ST01)."""
    event = _event(observation, violation)
    return event is not None and ("choiceless", None) in event.kinds


def _event(observation: Observation, violation: Violation) -> Event | None:
    """The event of a stream that breaks the schema; None for a plain body."""
    frame = violation.frame
    return next((e for e in observation.events if e.frame.number == frame), None) if frame is not None else None
