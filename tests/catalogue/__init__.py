"""What a catalogue entry looks like as exchanges: our own examples of every known drift, its twin and harmless noise."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from gate.judge.compare import Cell, compare
from gate.judge.pairing import observed
from gate.model import Exchange, Finding, Samples, Severity

Exchanges = Exchange | Sequence[Exchange]
Kind = Literal["drift", "twin", "harmless"]


@dataclass(frozen=True)
class Case:
    """One pair. A drift must have a finding of at least `least`; nothing in any case may be worse than `most`."""

    id: str
    kind: Kind
    why: str
    golden: Exchanges
    candidate: Exchanges
    least: Severity | None = None
    most: Severity = Severity.BREAKING
    golden_twin: Sequence[Exchange] = ()
    candidate_twin: Sequence[Exchange] = ()


def breaking(id: str, why: str, *sides: Exchanges) -> Case:
    """A drift on which a client of the golden fails."""
    return _case(id, "drift", why, sides, Severity.BREAKING)


def risky(id: str, why: str, *sides: Exchanges) -> Case:
    """A drift on which many clients fail: risky at the least."""
    return _case(id, "drift", why, sides, Severity.RISKY)


def tolerable(id: str, why: str, *sides: Exchanges) -> Case:
    """A drift that must be visible and never breaks."""
    return _case(id, "drift", why, sides, Severity.INFO, Severity.RISKY)


def slight(id: str, why: str, *sides: Exchanges) -> Case:
    """A drift so small that silence is as good as a word: never breaking."""
    return _case(id, "drift", why, sides, most=Severity.RISKY)


def twin(id: str, why: str, *sides: Exchanges) -> Case:
    """What looks like the drift and is none: nothing breaking, and not the drift's own rule."""
    return _case(id, "twin", why, sides, most=Severity.RISKY)


def harmless(id: str, why: str, *sides: Exchanges) -> Case:
    """Two runs of one route: nothing risky either, in both directions."""
    return _case(id, "harmless", why, sides, most=Severity.INFO)


def _case(
    id: str,
    kind: Kind,
    why: str,
    sides: Sequence[Exchanges],
    least: Severity | None = None,
    most: Severity = Severity.BREAKING,
) -> Case:
    golden, candidate = map(_many, sides)
    return Case(id, kind, why, golden, candidate, least, most)


@cache
def judged(case: Case) -> tuple[Finding, ...]:
    """All findings of a case; a crashed rule fails the test that asked."""
    golden, candidate = _samples(case.golden, case.golden_twin), _samples(case.candidate, case.candidate_twin)
    findings, crashes = compare([Cell(case.id, 0, golden, candidate)])
    assert not crashes, crashes[0].traceback
    return findings


@cache
def cases() -> tuple[Case, ...]:
    """All cases of the tables beside this file."""
    return tuple(_cases())


def _cases() -> Iterator[Case]:
    for module in pkgutil.iter_modules(__path__):
        yield from getattr(importlib.import_module(f"{__name__}.{module.name}"), "CASES", ())


@cache
def speakers(entry: str) -> frozenset[str]:
    """The rules that tell an entry's drift, at its weight."""
    drifts = [case for case in cases() if case.id == entry and case.kind == "drift" and case.least]
    return frozenset(f.rule for case in drifts for f in judged(case) if f.severity >= (case.least or 0))


def reverse(case: Case) -> Case:
    """The case with its sides exchanged."""
    return replace(
        case,
        golden=case.candidate,
        candidate=case.golden,
        golden_twin=case.candidate_twin,
        candidate_twin=case.golden_twin,
    )


def alone(case: Case) -> Case:
    """The golden side on both: a route compared with itself."""
    return replace(case, candidate=case.golden, candidate_twin=case.golden_twin)


def _samples(exchanges: Exchanges, beside: Sequence[Exchange]) -> Samples:
    return Samples(observed(_many(exchanges)), observed(beside))


def _many(exchanges: Exchanges) -> tuple[Exchange, ...]:
    return (exchanges,) if isinstance(exchanges, Exchange) else tuple(exchanges)
