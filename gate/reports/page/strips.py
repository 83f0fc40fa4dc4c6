"""Latency as strips: every measurement of both sides on one scale, with the percentiles. Pure geometry."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from gate.model import Exhibit, ScenarioResult, Timing
from gate.reports.page.axis import duration
from gate.wire.timing import percentile

WIDTH = 400  # units of a strip
# chosen: 1.5 is the ratio of the example in docs/config.md, 50 ms is below what a person notices.
SLOWER, FLOOR_MS = 1.5, 50.0  # times and ms; a change above both is coloured, but only budgets fail a build
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
    return Strip(words, rugs, _times(values["golden"], values["candidate"]), slower(*values.values()))


def _times(golden: _Values, candidate: _Values) -> str:
    """`×4` where the candidate's median is four times the golden's, `÷4` where it is a quarter; "" without both."""
    before, now = (percentile(side, 50) if side else 0.0 for side in (golden, candidate))
    # A clock may give 0 ms on loopback, and nothing is a multiple of that.
    if min(before, now) <= 0:
        return ""
    factor = max(before, now) / min(before, now)
    words = f"{factor:.2g}" if factor < 10 else f"{factor:.0f}" if factor < 1000 else ">999"
    return f"÷{words}" if now < before and words != "1" else f"×{words}"


def slower(golden: _Values, candidate: _Values) -> bool:
    """Whether the candidate's median is slower by SLOWER and by FLOOR_MS."""
    if not (golden and candidate):
        return False
    before, now = percentile(golden, 50), percentile(candidate, 50)
    return now >= SLOWER * before and now - before >= FLOOR_MS


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
