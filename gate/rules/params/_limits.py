"""What the rules about token limits share: how an answer used and ended its limit."""

from __future__ import annotations

from gate.model import Observation
from gate.observe.answer import LIMITS, choices

CUT = frozenset(LIMITS)


def ended_by_limit(observation: Observation) -> bool:
    """Every choice says that a limit ended it."""
    words = finishes(observation)
    return bool(words) and CUT.issuperset(words)


def finishes(observation: Observation) -> list[str]:
    """How each choice says that it ended; empty where that is no string."""
    return [choice.finish if isinstance(choice.finish, str) else "" for choice in choices(observation)]
