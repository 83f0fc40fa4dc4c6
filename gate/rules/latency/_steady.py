"""What is slow at times is noise: a cold start, a busy minute. What is slow each time is the route."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from gate.model import Comparison, Pair

T = TypeVar("T")


def each_time(comparison: Comparison, trait: Callable[[Pair], T | None]) -> tuple[tuple[Pair, T], ...]:
    """(pair, trait) of every answer, where all of them have the trait; none where some answer is without (a falsy one).

    `check` sends a scenario with such a finding again, so that the answers of a warm route are among them.
    """
    found = tuple((pair, value) for pair in comparison.answers if (value := trait(pair)))
    return found if len(found) == len(comparison.answers) else ()
