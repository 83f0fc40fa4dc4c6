"""What is slow at times is noise: a cold start, a busy minute. What is slow each time is the route."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from gate.model import Comparison, Pair

T = TypeVar("T")

# What is later by less, or slower by less, is noise of networks (B35): both must hold. Inside: LA02's 2 s to 95 s and
# 0.4 s to 21 s, LA07's 0.1 s to 7 s and the two half-second waits of a retrying SDK. Outside: LA02's twin, 2 s to 5 s,
# B35's 120 ms to 900 ms, and a refusal across an ocean, 40 ms to 700 ms. `budgets` of gate.yaml are for stricter teams.
# A second is how long a reader's thought goes on uninterrupted: https://www.nngroup.com/articles/response-times-3-important-limits/
LATER_MS = 1000.0
TIMES = 5.0


def each_time(comparison: Comparison, trait: Callable[[Pair], T | None]) -> tuple[tuple[Pair, T], ...]:
    """(pair, trait) of every answer, where all of them have the trait; none where some answer is without (a falsy one).

    `check` sends a scenario with such a finding again, so that the answers of a warm route are among them.
    """
    found = tuple((pair, value) for pair in comparison.answers if (value := trait(pair)))
    return found if len(found) == len(comparison.answers) else ()
