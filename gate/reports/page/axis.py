"""Round numbers for a scale of milliseconds."""

from __future__ import annotations

import math
from dataclasses import dataclass

from gate.reports.words.durations import duration

# Divisors that people read easily; 2.5 avoids a jump from 2 to 5.
_STEPS = (1, 2, 2.5, 5, 10)
_MOST = 6  # ticks after zero


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of a scale: per cent of its width, and its label."""

    at: float
    text: str


def ticks(whole: float) -> tuple[Tick, ...]:
    """Zero and at most six round times up to `whole` milliseconds."""
    size = 10.0 ** math.floor(math.log10(max(whole, 1.0) / _MOST))
    step = next(size * part for part in _STEPS if whole / (size * part) <= _MOST)
    return tuple(Tick(round(100 * n * step / whole, 2), duration(n * step)) for n in range(int(whole / step) + 1))
