"""Fields that no golden sample has (S27, S29, S32)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.answer import numbered
from gate.rules.schema._fields import ANY, differences, first, grouped, listed
from gate.wire.paths import name
from gate.wire.shape import show

_FILLED = ANY - {"null"}


def check(comparison: Comparison) -> Iterator[Drift]:
    """One finding for each object that gained fields; a field that clients act upon has its own."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        added = [d for d in differences(golden, candidate) if d.sample == sample and d.kind == "added"]
        for d in added:
            # S29: clients that still know function_call dispatch an empty function
            if d.severity > Severity.INFO:
                place = first(found, d.path, _FILLED)
                message = f"{name(d.path)} appears; no golden sample has it"
                yield Drift(
                    path=place.path,
                    message=message,
                    golden="absent",
                    candidate=show(place.value, 80),
                    sample=sample,
                    severity=d.severity,
                    frame=place.frame,
                    byte=place.byte,
                )
        # a gateway that adds ten fields did one thing
        for parent, small in grouped(d for d in added if d.severity == Severity.INFO):
            names, place = listed(small), first(found, small[0].path, _FILLED)
            yield Drift(
                path=parent or "body",
                message=f"has fields that no golden sample has: {names}",
                golden="absent",
                candidate=names,
                sample=sample,
                severity=Severity.INFO,
                frame=place.frame,
                byte=place.byte,
            )


RULE = Rule(
    id="field-added",
    area="schema",
    severity=Severity.INFO,
    summary="the candidate sends fields that the golden does not have",
    who_breaks="only decoders that forbid unknown fields (deny_unknown_fields, Jackson's default)",
    hint="allow unknown fields in your decoder; the API adds some every few months",
    check=check,
)
