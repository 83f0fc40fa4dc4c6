"""A moderation in categories of another scheme, a guard model's own in place of hate and violence (S61)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member, members
from gate.model import Comparison, Drift, Observation, Pair, Rule, Severity
from gate.observe.scopes import is_moderation
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where no category of the golden is left, or one is spelled otherwise; that some are gone is field-missing's."""
    for pair in comparison.answers:
        # the first of both: categories that are called otherwise have scores that are, too
        for key in ("categories", "category_scores"):
            if drift := _changed(pair, key):
                yield drift
                break


def _changed(pair: Pair, key: str) -> Drift | None:
    golden, candidate = [_names(sample, key) for sample in pair.golden], _names(pair.candidate, key)
    known = frozenset[str]().union(*golden)
    renamed = _renamed(known - candidate, candidate - known)
    # that they are gone as a whole is field-missing's, that there is no list of results field-type-changed's
    results = members(pair.candidate.body, "results")
    there = bool(results) and all(isinstance(member(result, key), dict) for result in results)
    if not there or not all(golden) or not (renamed or candidate.isdisjoint(known)):
        return None
    scheme = "none of the golden's categories is there: the route moderates by another scheme"
    return pair.drift(
        path=f"results[0].{key}",
        message=f"the category {show(renamed, 40)} has another name" if renamed else scheme,
        golden=show(", ".join(sorted(golden[0])), 80),
        candidate=show(", ".join(sorted(candidate)), 80),
    )


def _renamed(lost: frozenset[str], added: frozenset[str]) -> str:
    """A category that is there in another spelling: self_harm for self-harm; SDKs know one of them."""
    spellings = {_letters(name) for name in added}
    return next((name for name in sorted(lost) if _letters(name) in spellings), "")


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name)).lower()


def _names(observation: Observation, key: str) -> frozenset[str]:
    """The categories of all results, or those that have a score."""
    objects = (member(result, key) for result in members(observation.body, "results"))
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
    where=is_moderation,
)
