"""A field has another JSON type (S10, S19): content as a list of parts, a number as a string."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Pair, Rule, Severity, Violation
from gate.observe.answer import word
from gate.rules.schema._fields import Difference, differing, differs
from gate.rules.schema._places import first, golden_value
from gate.rules.schema._violations import forbidden, violations
from gate.wire.shape import TYPES, indexless, show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Fields that the API describes by its schema, all others by what the golden shows."""
    for pair in comparison.answers:
        yield from _bodies(pair)
        for violation in violations(pair, "type"):
            if _matters(pair, violation):
                yield _forbidden(pair, violation)
        for difference in differing(comparison, pair, "type"):
            yield _learned(pair, difference)


def _bodies(pair: Pair) -> Iterator[Drift]:
    """A list as the whole body, which an API without a schema of ours may have, and something else in its place; that
    an object has none of its fields is field-missing's."""
    body = pair.candidate.body
    if pair.golden and all(isinstance(golden.body, list) for golden in pair.golden) and not isinstance(body, list):
        yield pair.drift(
            path="body",
            message=f"the body is {word(body)}; the golden has an array",
            golden=show(pair.golden[0].body, 80),
            candidate=show(body, 80),
            severity=Severity.RISKY,
        )


def _matters(pair: Pair, violation: Violation) -> bool:
    """A vendor's own field that the golden does not have is an added field; a body that is no object is foreign."""
    in_golden = any(indexless(violation.path) in golden.shape for golden in pair.golden)
    return bool(violation.path) and (violation.severity == Severity.BREAKING or in_golden)


def _forbidden(pair: Pair, violation: Violation) -> Drift:
    message, golden = (
        f"is {word(violation.value)}; it {violation.detail}",
        golden_value(pair, indexless(violation.path)),
    )
    return forbidden(pair, violation, message=message, golden=show(golden, 80), candidate=show(violation.value, 80))


def _learned(pair: Pair, difference: Difference) -> Drift:
    place = first(pair.candidate, difference.path, difference.types & TYPES)
    golden = golden_value(pair, difference.path)
    message = f"is {word(place.value)}; the golden has {word(golden)}"
    return differs(pair, difference, place, message=message, golden=show(golden, 80), candidate=show(place.value, 80))


RULE = Rule(
    id="field-type-changed",
    area="schema",
    # for fields of the API (S10); a vendor's own (S19) is risky, by _UNKNOWN of _fields.py
    severity=Severity.BREAKING,
    summary="a field has another JSON type than in the golden",
    who_breaks="typed clients fail to decode; string code shows [object Object] or raises",
    hint="let the gateway convert the provider's form into the one that the golden has",
    check=check,
)
