"""The judge against the catalogue of known drifts: each is caught at its weight, its twin and harmless noise are not.

The tables in `tests/catalogue/` hold examples of our own for each entry, and what a hostile examiner would try next.
"""

from __future__ import annotations

import pytest
from _pytest.mark import ParameterSet

from gate.model import Finding, Severity
from tests.catalogue import Case, Kind, alone, cases, entries, judged, reverse, speakers

WEIGHT = {drift.id: drift.severity for drift in entries.drifts().values()}
SEEN = sorted(drift.id for drift in entries.drifts().values() if not drift.unseen)


def _worst(findings: tuple[Finding, ...]) -> Severity | int:
    return max((finding.severity for finding in findings), default=0)


def _lines(findings: tuple[Finding, ...]) -> list[str]:
    return [f"{f.severity.word}[{f.rule}] {f.path}: {f.message}" for f in findings]


def _named(*kinds: Kind) -> list[ParameterSet]:
    """The cases of some kinds under readable names."""
    return [pytest.param(c, id=f"{c.id} {c.kind}: {c.why[:60]}") for c in cases() if c.kind in kinds]


@pytest.mark.parametrize("case", _named("drift", "twin", "harmless"))
def test_case(case: Case) -> None:
    found = judged(case)
    assert (case.least or 0) <= _worst(found) <= case.most, _lines(found)


@pytest.mark.parametrize("case", _named("harmless"))
def test_noise_is_harmless_in_both_directions(case: Case) -> None:
    found = judged(reverse(case))
    assert _worst(found) <= case.most, _lines(found)


@pytest.mark.parametrize("case", _named("drift", "twin", "harmless"))
def test_a_route_compared_with_itself_is_silent(case: Case) -> None:
    for same in (alone(case), alone(reverse(case))):
        found = judged(same)
        assert _worst(found) <= Severity.INFO, _lines(found)


@pytest.mark.parametrize("case", _named("twin"))
def test_a_twin_does_not_raise_its_own_drift(case: Case) -> None:
    own = {f.rule for f in judged(case) if f.severity > Severity.INFO} & speakers(case.id)
    assert not own, _lines(judged(case))


@pytest.mark.parametrize("entry", SEEN)
def test_every_entry_has_a_drift_of_its_weight_and_a_twin(entry: str) -> None:
    mine = [case for case in cases() if case.id == entry]
    weights = {case.least for case in mine if case.kind == "drift"}
    assert weights & {WEIGHT[entry], None}
    assert any(case.kind == "twin" for case in mine)


@pytest.mark.parametrize("entry", entries.variations())
def test_every_harmless_variation_has_a_case(entry: str) -> None:
    assert any(case.id == entry and case.kind == "harmless" for case in cases())
