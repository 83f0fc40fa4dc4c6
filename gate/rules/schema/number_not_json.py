"""NaN or Infinity in a body (S21): Python writes and reads them, JSON has neither."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.rules.schema._places import first
from gate.wire.shape import show

_NAN = frozenset({"nan"})


def check(comparison: Comparison) -> Iterator[Drift]:
    """The first such number of each sample; the body around it cannot be read either."""
    for pair in comparison.answers:
        # Python's json writes NaN by default, and no server in Python notices
        paths = _paths(pair.candidate)
        if paths and not any(map(_paths, pair.golden)):
            place = first(pair.candidate, paths[0], _NAN)
            yield pair.drift(
                path=place.path,
                message=f"{show(place.value)} is not a JSON number",
                golden="a number",
                candidate=show(place.value),
                at=place.event,
            )


def _paths(observation: Observation) -> list[str]:
    return [path for path, field in observation.shape.items() if "nan" in field.types]


RULE = Rule(
    id="number-not-json",
    area="schema",
    severity=Severity.BREAKING,
    summary="a number is NaN or Infinity, which JSON does not have",
    who_breaks="every strict parser (JavaScript, Go, Rust, Java) rejects the whole body",
    hint="clamp log probabilities and scores to finite numbers before they are serialized",
    check=check,
)
