"""The samples of both sides, aligned: the argument of every rule."""

from __future__ import annotations

from gate.model import Comparison, Pair, Samples
from gate.observe.answer import comparable


def aligned(golden: Samples, candidate: Samples) -> Comparison:
    """Each candidate sample with the golden samples that answered in the same form."""
    pairs = (
        Pair(number, observation, tuple(comparable(golden, observation)))
        for number, observation in enumerate(candidate)
    )
    return Comparison(golden, candidate, tuple(pairs))
