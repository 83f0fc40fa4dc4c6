"""A field that every golden sample has is gone (S03, S06, S07, ST03, RS06, RS09, RS11)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Samples, Severity
from gate.observe.answer import comparable, numbered
from gate.rules.schema._fields import (
    Difference,
    differences,
    event_of,
    first,
    foreign,
    grouped,
    listed,
    sight,
    violations,
)
from gate.rules.schema._strays import strays
from gate.wire.paths import name, untyped
from gate.wire.shape import indexless, show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Fields of the API one by one; those that only this vendor sends together, by their parent."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        if foreign(golden, found):
            here = show(found.body if found.form == "json" else [e.doc for e in found.events[:2]], 120)
            yield Drift(
                path="body",
                message="the body has none of the golden's fields",
                golden="an answer",
                candidate=here,
                sample=sample,
            )
            continue
        yield from _apart(golden, sample, found)
        missing = [d for d in differences(golden, candidate) if d.sample == sample and d.kind == "missing"]
        told = {untyped(d.path) for d in missing}
        # the API's own fields have a finding each: clients read, and teams tolerate, them one by one
        for d in missing:
            if d.severity > Severity.INFO and not _of_usage(d.path):
                yield _drift(golden, found, d)
        for parent, small in grouped(d for d in missing if d.severity == Severity.INFO):
            yield _small(found, parent, small)
        yield from _forbidden(golden, sample, found, told)


def _apart(golden: Samples, sample: int, found: Observation) -> Iterator[Drift]:
    apart = strays(comparable(golden, found), found)
    if apart:
        frame, times = apart[0].frame, f" ({len(apart)} events)" if len(apart) > 1 else ""
        message = "an event has none of the golden's fields: it is no chunk of an answer"
        seen = show(apart[0].doc, 80) + times
        yield Drift(
            path="events",
            message=message,
            golden="chunks of an answer",
            candidate=seen,
            sample=sample,
            severity=None,
            frame=frame.number,
            byte=frame.start,
        )


def _of_usage(path: str) -> bool:
    # what a usage object must hold is told by usage-missing, usage-chunk-missing and usage-incomplete
    path = untyped(path)
    return path.rpartition(".")[2] == "usage" or "usage." in path


def _drift(golden: Samples, found: Observation, d: Difference) -> Drift:
    place = first(found, d.path)
    message = f"{name(d.path)} is missing; every golden sample has it"
    gold = show(sight(golden, found, d.path), 80)
    return Drift(
        path=place.path,
        message=message,
        golden=gold,
        candidate="absent",
        sample=d.sample,
        severity=d.severity,
        frame=place.frame,
        byte=place.byte,
    )


def _small(found: Observation, parent: str, small: list[Difference]) -> Drift:
    names = listed(small)
    place = first(found, small[0].path)
    return Drift(
        path=place.path if len(small) == 1 else parent or "body",
        message=f"without {names}, which every golden sample has",
        golden="always there",
        candidate="absent",
        sample=small[0].sample,
        severity=Severity.INFO,
        frame=place.frame,
        byte=place.byte,
    )


def _forbidden(golden: Samples, sample: int, found: Observation, told: set[str]) -> Iterator[Drift]:
    # the golden may have had no occasion to show the parent, an item of a response for instance
    for v in violations(golden, found, frozenset({"required"})):
        if indexless(v.path) in told or _of_usage(v.path):
            continue
        event = event_of(found, v.frame)
        yield Drift(
            path=v.path,
            message=f"{name(v.path)} is missing; the API requires it",
            golden="required",
            candidate="absent",
            sample=sample,
            severity=v.severity,
            frame=v.frame,
            byte=event.frame.start if event else None,
        )


RULE = Rule(
    id="field-missing",
    area="schema",
    severity=Severity.BREAKING,
    summary="a field that every golden sample has is missing",
    who_breaks="code that reads the field without a check: KeyError, undefined, `missing field` in typed clients",
    hint="make the route send the field, or stop reading it before you switch",
    check=check,
)
