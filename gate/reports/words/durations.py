"""Milliseconds as words, and one time against another. Pure."""

from __future__ import annotations

import math

# chosen: 1.5 is the ratio of the example in docs/config.md, 50 ms is below what a person notices.
SLOWER, FLOOR_MS = 1.5, 50.0  # times and ms; a change above both is coloured, but only budgets fail a build


def duration(ms: float | None) -> str:
    """`0 ms`, `31 ms`, `2.4 s`, `180 s`; a dash where there is no time."""
    if ms is None or not math.isfinite(ms):
        return "–"
    if ms < 10:
        # Below 0.05 ms it is the clock's own noise.
        return f"{ms:.2g} ms" if ms >= 0.05 else "0 ms"
    return f"{ms:.0f} ms" if ms < 1000 else f"{ms / 1000:.1f} s" if ms < 100_000 else f"{ms / 1000:.0f} s"


def times(golden: float, candidate: float) -> str:
    """`×4` where the candidate takes four times as long, `÷4` where a quarter; "" where either is nothing."""
    # A clock may give 0 ms on loopback, and nothing is a multiple of that.
    if min(golden, candidate) <= 0:
        return ""
    factor = max(golden, candidate) / min(golden, candidate)
    words = f"{factor:.2g}" if factor < 10 else f"{factor:.0f}" if factor < 1000 else ">999"
    return f"÷{words}" if candidate < golden and words != "1" else f"×{words}"


def slower(golden: float, candidate: float) -> bool:
    """Whether the candidate takes longer by SLOWER and by FLOOR_MS."""
    return candidate >= SLOWER * golden and candidate - golden >= FLOOR_MS
