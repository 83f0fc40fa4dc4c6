"""NaN or Infinity in a body (S21): Python writes and reads them, JSON has neither."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.answer import comparable, numbered
from gate.rules.schema._fields import first
from gate.wire.shape import show

_NAN = frozenset({"nan"})


def check(comparison: Comparison) -> Iterator[Drift]:
    """The first such number of each sample; the body around it cannot be read either."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        # Python's json writes NaN by default, and no server in Python notices
        bad = [path for path, field in found.shape.items() if "nan" in field.types]
        like = comparable(golden, found)
        if bad and like and not any("nan" in field.types for g in like for field in g.shape.values()):
            place = first(found, bad[0], _NAN)
            message = f"{show(place.value)} is no JSON number"
            yield Drift(
                path=place.path,
                message=message,
                golden="a number",
                candidate=show(place.value),
                sample=sample,
                severity=None,
                frame=place.frame,
                byte=place.byte,
            )


RULE = Rule(
    id="number-not-json",
    area="schema",
    severity=Severity.BREAKING,
    summary="a number is NaN or Infinity, which JSON does not have",
    who_breaks="every strict parser (JavaScript, Go, Rust, Java) rejects the whole body",
    hint="clamp log probabilities and scores to finite numbers before they are serialized",
    check=check,
)
