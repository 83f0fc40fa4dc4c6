"""Latency as strips: every measurement of both sides on one scale, with the percentiles. Pure geometry."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from gate.model import Exhibit, ScenarioResult, Timing
from gate.reports.words.durations import duration, slower, times
from gate.wire.timing import percentile

WIDTH = 400  # units of a strip
_Values = tuple[float, ...]

FIGURES: tuple[tuple[str, str, Callable[[Timing], _Values]], ...] = (
    ("ttft", "first token", lambda timing: _known(timing.first_token)),
    ("gap", "between tokens", lambda timing: timing.gaps),
    ("total", "whole answer", lambda timing: _known(timing.total)),
)
"""(name in summaries, title, its values in one exchange)."""


def _known(value: float | None) -> _Values:
    return () if value is None else (value,)


@dataclass(frozen=True, slots=True)
class Rug:
    """One side's measurements: an SVG path with a stroke for each, the places of p50 and p95 (units), and both as text;
    of one call only the p50."""

    side: str
    path: str
    p50: float
    p95: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Strip:
    """One figure of one scenario; `change` is the candidate's median against the golden's, where both are known."""

    name: str
    rugs: tuple[Rug, ...]
    change: str
    slower: bool


def strips(samples: Sequence[Exhibit], result: ScenarioResult) -> tuple[Strip, ...]:
    """The three strips of a scenario; without exhibits only the percentiles of its result."""
    return tuple(_strip(name, words, read, samples, result) for name, words, read in FIGURES)


def _strip(
    name: str, words: str, read: Callable[[Timing], _Values], samples: Sequence[Exhibit], result: ScenarioResult
) -> Strip:
    values = {side: measured(samples, side, read) for side in ("golden", "candidate")}
    whole = max((value for group in values.values() for value in group), default=0.0) or 1.0
    rugs = tuple(_rug(side, group, whole) for side, group in values.items() if group)
    if not rugs and name + "_p50" in result.latency:
        known = (result.latency.get(f"{name}_{q}", math.nan) for q in ("p50", "p95"))
        rugs = (Rug("candidate", "", 0, 0, tuple(map(duration, known))),)
    return Strip(words, rugs, *_change(values["golden"], values["candidate"]))


def _change(golden: _Values, candidate: _Values) -> tuple[str, bool]:
    """How many times later the candidate's median is, and whether it is much slower."""
    if not (golden and candidate):
        return "", False
    medians = percentile(golden, 50), percentile(candidate, 50)
    return times(*medians), slower(*medians)


def measured(samples: Iterable[Exhibit], side: str, read: Callable[[Timing], _Values]) -> _Values:
    """The finite values of one side, sorted."""
    values = (value for exhibit in samples if exhibit.side == side for value in read(exhibit.timing))
    return tuple(sorted(value for value in values if 0 <= value < math.inf))


def _rug(side: str, values: _Values, whole: float) -> Rug:
    def at(value: float) -> float:
        return round(WIDTH * value / whole, 1)

    # One stroke per unit: thousands of gaps fall on the same few places, and would make the page megabytes long.
    places = sorted({round(at(value)) for value in values})
    p50, p95 = percentile(values, 50), percentile(values, 95)
    # The p95 of one call is that call.
    words = (duration(p50), duration(p95)) if len(values) > 1 else (duration(p50),)
    return Rug(side, "".join(f"M{place} 2v8" for place in places), at(p50), at(p95), words)
