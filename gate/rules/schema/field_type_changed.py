"""A field has another JSON type (S10, S19): content as a list of parts, a number as a string."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Drift, Rule, Samples, Severity
from gate.questions import comparable, numbered, word
from gate.rules.schema._fields import (
    ANY,
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


def check(golden: Samples, candidate: Samples) -> Iterator[Drift]:
    """Fields that the API describes by its schema, all others by what the golden shows."""
    for sample, found in numbered(candidate):
        for v in violations(golden, found, _TYPE):
            if v.severity < Severity.BREAKING and not shows(comparable(golden, found), indexless(v.path)):
                continue  # a vendor's own field that the golden does not have is an added field
            event = event_of(found, v.frame)
            yield Drift(
                v.path,
                f"{name(v.path)} is {word(v.value)}; it {v.detail}",
                show(sight(golden, found, indexless(v.path)), 80),
                show(v.value, 80),
                sample,
                v.severity,
                v.frame,
                event.frame.start if event else None,
            )
        for d in differences(golden, candidate):
            if d.sample == sample and d.kind == "type":
                place, gold = first(found, d.path, d.types & ANY), sight(golden, found, d.path)
                message = f"{name(d.path)} is {word(place.value)}; the golden has {word(gold)}"
                evidence = show(gold, 80), show(place.value, 80)
                yield Drift(place.path, message, *evidence, sample, d.severity, place.frame, place.byte)


RULE = Rule(
    id="field-type-changed",
    area="schema",
    severity=Severity.BREAKING,
    summary="a field has another JSON type than in the golden",
    who_breaks="typed clients fail to decode; string code shows [object Object] or raises",
    hint="let the gateway translate the provider's own form into the one that the golden has",
    check=check,
)
