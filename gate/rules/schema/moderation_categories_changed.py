"""A moderation in categories of another scheme, a guard model's own in place of hate and violence (S61)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member, members
from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where no category of the golden is left; that some are gone is field-missing's."""
    for pair in comparison.answers:
        golden = [_categories(sample) for sample in pair.golden]
        candidate = _categories(pair.candidate)
        if candidate and all(golden) and candidate.isdisjoint(frozenset[str]().union(*golden)):
            yield pair.drift(
                path="results[0].categories",
                message="none of the golden's categories is there: the route moderates by another scheme",
                golden=show(", ".join(sorted(golden[0])), 80),
                candidate=show(", ".join(sorted(candidate)), 80),
            )


def _categories(observation: Observation) -> frozenset[str]:
    """The categories of all results."""
    if observation.endpoint != "moderations":
        return frozenset()
    results = members(observation.body, "results")
    objects = (member(result, "categories") for result in results)
    return frozenset(name for found in objects if isinstance(found, dict) for name in found)


RULE = Rule(
    id="moderation-categories-changed",
    area="schema",
    # S61: `flagged` still works
    severity=Severity.RISKY,
    summary="moderation results have other categories",
    who_breaks="code that reads categories.hate or its score: an error, or nothing is ever blocked",
    hint="map the model's categories to the API's in the gateway, or decide by `flagged` alone",
    check=check,
)
