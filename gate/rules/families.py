"""Rules that one look at a comparison tells apart: a family shares a module, and each drift has an id of its own."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator

from gate.model import Comparison, Drift

Told = tuple[str, Drift]
"""The id of a rule of the family, and a drift that is this rule's."""


def of(comparison: Comparison, judge: Callable[[Comparison], Iterable[Told]], rule: str) -> Iterator[Drift]:
    """The drifts of one rule of a family; `judge` is asked once for all of them."""
    # nearly always there is none
    told = comparison.once(_listed(judge))
    return (drift for name, drift in told if name == rule) if told else iter(())


@functools.cache
def _listed(judge: Callable[[Comparison], Iterable[Told]]) -> Callable[[Comparison], tuple[Told, ...]]:
    return lambda comparison: tuple(judge(comparison))
