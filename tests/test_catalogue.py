"""The judge against the catalogue of known drifts: each is caught at its weight, its twin and harmless noise are not.

The tables in `tests/catalogue/` hold examples of our own for each entry, and what a hostile examiner would try next.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from gate.model import Finding, Severity
from tests.catalogue import Case, alone, cases, entries, judged, reverse, speakers

WEIGHT = {drift.id: drift.severity for drift in entries.drifts().values()}
SEEN = sorted(drift.id for drift in entries.drifts().values() if not drift.unseen)
ENTRIES = sorted({case.id for case in cases()})


def _worst(findings: tuple[Finding, ...]) -> Severity | int:
    return max((finding.severity for finding in findings), default=0)


def _lines(findings: tuple[Finding, ...]) -> list[str]:
    return [f"{f.severity.word}[{f.rule}] {f.path}: {f.message}" for f in findings]


@cache
def _of(entry: str) -> tuple[Case, ...]:
    return tuple(case for case in cases() if case.id == entry)


def _problems(case: Case) -> Iterator[str]:
    found = judged(case)
    if not (case.least or 0) <= _worst(found) <= case.most:
        yield f"{case.kind}: {case.why}: {_lines(found)}"
    if case.kind == "harmless" and _worst(backwards := judged(reverse(case))) > case.most:
        yield f"harmless, but not in the other direction: {case.why}: {_lines(backwards)}"
    own = {f.rule for f in found if f.severity > Severity.INFO} & speakers(case.id)
    if case.kind == "twin" and own:
        yield f"twin that raises its own drift: {case.why}: {_lines(found)}"


# Sweeps are not traced: tables of single rules cover the same lines, and tracing makes a judgement cost three times more.


@pytest.mark.parametrize("entry", ENTRIES)
def test_the_cases_of_an_entry(entry: str) -> None:
    """A drift is told at its weight, a twin does not raise it, and noise is harmless in both directions."""
    assert [problem for case in _of(entry) for problem in _problems(case)] == []


@pytest.mark.untraced
@pytest.mark.parametrize("entry", ENTRIES)
def test_a_route_compared_with_itself_is_silent(entry: str) -> None:
    sides = {
        (same.golden, same.golden_twin): same for case in _of(entry) for same in (alone(case), alone(reverse(case)))
    }
    loud = {same.why: _lines(found) for same in sides.values() if _worst(found := judged(same)) > Severity.INFO}
    assert loud == {}


@pytest.mark.parametrize("entry", SEEN)
def test_every_entry_has_a_drift_of_its_weight_and_a_twin(entry: str) -> None:
    mine = [case for case in cases() if case.id == entry]
    weights = {case.least for case in mine if case.kind == "drift"}
    assert weights & {WEIGHT[entry], None}
    assert any(case.kind == "twin" for case in mine)


@pytest.mark.parametrize("entry", entries.variations())
def test_every_harmless_variation_has_a_case(entry: str) -> None:
    assert any(case.id == entry and case.kind == "harmless" for case in cases())
