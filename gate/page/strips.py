"""Latency as strips: every measurement of both sides on one scale, with the percentiles. Pure geometry."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from gate.model import Exhibit, ScenarioResult, Timing
from gate.page.axis import duration
from gate.wire.timing import percentile

WIDTH = 400  # units of a strip
SLOWER = 1.5  # from here on a change is worth a colour; budgets decide what fails
_Values = tuple[float, ...]

FIGURES: tuple[tuple[str, str, Callable[[Timing], _Values]], ...] = (
    ("ttft", "first token", lambda timing: _known(timing.first_token)),
    ("gap", "between tokens", lambda timing: timing.gaps),
    ("total", "whole answer", lambda timing: _known(timing.total)),
)
"""(name in summaries, words, its values in one exchange)."""


def _known(value: float | None) -> _Values:
    return () if value is None else (value,)


@dataclass(frozen=True, slots=True)
class Rug:
    """One side's measurements: a path of small strokes, where p50 and p95 stand (units), and both in words."""

    side: str
    path: str
    p50: float
    p95: float
    words: str


@dataclass(frozen=True, slots=True)
class Strip:
    """One figure of one scenario; `change` is the candidate's median against the golden's, where both are known."""

    name: str
    rugs: tuple[Rug, ...]
    change: str
    slower: bool


def strips(samples: Sequence[Exhibit], result: ScenarioResult) -> tuple[Strip, ...]:
    """The three strips of a scenario; without its exchanges the percentiles that its result knows."""
    return tuple(_strip(name, words, read, samples, result) for name, words, read in FIGURES)


def _strip(
    name: str, words: str, read: Callable[[Timing], _Values], samples: Sequence[Exhibit], result: ScenarioResult
) -> Strip:
    values = {side: measured(samples, side, read) for side in ("golden", "candidate")}
    whole = max((value for group in values.values() for value in group), default=0.0) or 1.0
    rugs = tuple(_rug(side, group, whole) for side, group in values.items() if group)
    if not rugs and name + "_p50" in result.latency:
        known = (result.latency.get(f"{name}_{q}", math.nan) for q in ("p50", "p95"))
        rugs = (Rug("candidate", "", 0, 0, " / ".join(map(duration, known))),)
    ratio = change(values["golden"], values["candidate"])
    return Strip(words, rugs, _times(ratio), ratio is not None and ratio >= SLOWER)


def _times(ratio: float | None) -> str:
    return "" if ratio is None else f"×{ratio:.2g}" if ratio >= 0.1 else "<×0.1"


def measured(samples: Iterable[Exhibit], side: str, read: Callable[[Timing], _Values]) -> _Values:
    """The finite values of one side, sorted."""
    values = (value for one in samples if one.side == side for value in read(one.timing))
    return tuple(sorted(value for value in values if 0 <= value < math.inf))


def change(golden: _Values, candidate: _Values) -> float | None:
    """The candidate's median as a multiple of the golden's."""
    if not golden or not candidate or percentile(golden, 50) <= 0:
        return None
    return percentile(candidate, 50) / percentile(golden, 50)


def _rug(side: str, values: _Values, whole: float) -> Rug:
    def at(value: float) -> float:
        return round(WIDTH * value / whole, 1)

    places = sorted({round(at(value)) for value in values})
    p50, p95 = percentile(values, 50), percentile(values, 95)
    # a percentile of one call would only look precise
    words = f"{duration(p50)} / {duration(p95)}" if len(values) > 1 else duration(p50)
    return Rug(side, "".join(f"M{place} 2v8" for place in places), at(p50), at(p95), words)
