"""Fields that no golden sample has (S27, S29, S32)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.rules.schema._fields import differing, differs, grouped, listed
from gate.rules.schema._places import FILLED, first
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """One finding for each object that gained fields; a field that clients act upon has its own."""
    for pair in comparison.answers:
        added = differing(comparison, pair, "added")
        # S29: clients that still know function_call dispatch an empty function
        for difference in (d for d in added if d.severity > Severity.INFO):
            place, message = first(pair.candidate, difference.path, FILLED), "appears; no golden sample has it"
            value = show(place.value, 80)
            yield differs(pair, difference, place, message=message, golden="absent", candidate=value)
        # a gateway that adds ten fields did one thing
        for parent, small in grouped(d for d in added if d.severity == Severity.INFO).items():
            yield pair.drift(
                path=parent or "body",
                message=f"has fields that no golden sample has: {listed(small)}",
                golden="absent",
                candidate=listed(small),
                severity=Severity.INFO,
                at=first(pair.candidate, small[0].path, FILLED).event,
            )


RULE = Rule(
    id="field-added",
    area="schema",
    # S27 and S32 break strict decoders alone; S29 gets its weight from the schema's x-added
    severity=Severity.INFO,
    summary="the candidate sends fields that the golden does not have",
    who_breaks="only decoders that forbid unknown fields (deny_unknown_fields, Jackson's default)",
    hint="allow unknown fields in your decoder; the API adds some every few months",
    check=check,
)
