"""A field has another JSON type (S10, S19): content as a list of parts, a number as a string."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Samples, Severity, Violation
from gate.observe.answer import comparable, numbered, word
from gate.rules.schema._fields import (
    ANY,
    Difference,
    differences,
    event_of,
    first,
    shows,
    sight,
    violations,
)  # fmt: skip
from gate.wire.paths import name
from gate.wire.shape import indexless, show

_TYPE = frozenset({"type", "anyOf"})


def check(comparison: Comparison) -> Iterator[Drift]:
    """Fields that the API describes by its schema, all others by what the golden shows."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        for v in violations(golden, found, _TYPE):
            if _felt(golden, found, v):
                yield _forbidden(golden, sample, found, v)
        for d in differences(golden, candidate):
            if d.sample == sample and d.kind == "type":
                yield _changed(golden, found, d)


def _felt(golden: Samples, found: Observation, v: Violation) -> bool:
    """A vendor's own field that the golden does not have is an added field; a body that is no object is foreign."""
    return bool(v.path) and (v.severity == Severity.BREAKING or shows(comparable(golden, found), indexless(v.path)))


def _forbidden(golden: Samples, sample: int, found: Observation, v: Violation) -> Drift:
    event = event_of(found, v.frame)
    message = f"{name(v.path)} is {word(v.value)}; it {v.detail}"
    evidence = show(sight(golden, found, indexless(v.path)), 80), show(v.value, 80)
    return Drift(
        path=v.path,
        message=message,
        golden=evidence[0],
        candidate=evidence[1],
        sample=sample,
        severity=v.severity,
        frame=v.frame,
        byte=event.frame.start if event else None,
    )


def _changed(golden: Samples, found: Observation, d: Difference) -> Drift:
    place, gold = first(found, d.path, d.types & ANY), sight(golden, found, d.path)
    message = f"{name(d.path)} is {word(place.value)}; the golden has {word(gold)}"
    return Drift(
        path=place.path,
        message=message,
        golden=show(gold, 80),
        candidate=show(place.value, 80),
        sample=d.sample,
        severity=d.severity,
        frame=place.frame,
        byte=place.byte,
    )


RULE = Rule(
    id="field-type-changed",
    area="schema",
    severity=Severity.BREAKING,
    summary="a field has another JSON type than in the golden",
    who_breaks="typed clients fail to decode; string code shows [object Object] or raises",
    hint="let the gateway translate the provider's own form into the one that the golden has",
    check=check,
)
