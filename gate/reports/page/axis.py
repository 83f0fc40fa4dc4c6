"""Milliseconds as words, and round numbers for a scale."""

from __future__ import annotations

import math
from dataclasses import dataclass

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


def duration(ms: float | None) -> str:
    """`0 ms`, `31 ms`, `2.4 s`, `180 s`; a dash where there is no time."""
    if ms is None or not math.isfinite(ms):
        return "–"
    if ms < 10:
        # Below 0.05 ms it is the clock's own noise.
        return f"{ms:.2g} ms" if ms >= 0.05 else "0 ms"
    return f"{ms:.0f} ms" if ms < 1000 else f"{ms / 1000:.1f} s" if ms < 100_000 else f"{ms / 1000:.0f} s"
