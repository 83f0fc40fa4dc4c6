"""null where no golden sample has it and clients expect a value (S26)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.answer import numbered
from gate.rules.schema._fields import differences, event_of, first, sight, violations
from gate.wire.paths import name, untyped
from gate.wire.shape import indexless, show

_NULL = frozenset({"null"})


def check(comparison: Comparison) -> Iterator[Drift]:
    """Learned from the golden; the schema adds what the golden had no occasion to show."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        told: set[str] = set()
        for d in differences(golden, candidate):
            if d.sample == sample and d.kind == "null" and not d.path.endswith("usage"):
                told.add(untyped(d.path))
                place, gold = first(found, d.path, _NULL), show(sight(golden, found, d.path), 80)
                message = f"{name(d.path)} is null; no golden sample has null there"
                yield Drift(
                    path=place.path,
                    message=message,
                    golden=gold,
                    candidate="null",
                    sample=sample,
                    severity=d.severity,
                    frame=place.frame,
                    byte=place.byte,
                )
        # what the golden never had occasion to show is held to the schema
        for v in violations(golden, found, _NULL):
            # a usage that is null is a usage that is missing
            if indexless(v.path) not in told and name(v.path) != "usage":
                event = event_of(found, v.frame)
                byte = event.frame.start if event else None
                message = f"{name(v.path)} is null; it {v.detail}"
                yield Drift(
                    path=v.path,
                    message=message,
                    golden="never null",
                    candidate="null",
                    sample=sample,
                    severity=v.severity,
                    frame=v.frame,
                    byte=byte,
                )


RULE = Rule(
    id="field-null",
    area="schema",
    severity=Severity.BREAKING,
    summary="a field is null where the golden never has null",
    who_breaks="typed clients reject null; `NoneType has no attribute` where the value is used",
    hint="send the value, or leave null to the fields that the API documents as nullable",
    check=check,
)
