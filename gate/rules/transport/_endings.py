"""How exchanges end, for the rules about connections."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Ending, Observation, Pair
from gate.observe.alignment import unseen


def unseen_endings(comparison: Comparison, *endings: Ending) -> Iterator[Pair]:
    """The candidate samples that ended in one of these ways, where no golden did."""
    return (pair for pair, _ in unseen(comparison, lambda observation: observation.ending in endings))


def ending(observation: Observation) -> str:
    """The ending in words, and how much had come: `cut after 120 bytes, 3 frames (detail)`."""
    came = f"{observation.size} bytes" if observation.form != "none" else "no response"
    frames = f", {len(observation.events)} frames" if observation.events else ""
    detail = f" ({observation.detail[:120]})" if observation.detail else ""
    return f"{observation.ending.value} after {came}{frames}{detail}"
