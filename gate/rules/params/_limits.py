"""What the rules about token limits share: how an answer used and ended its limit."""

from __future__ import annotations

from gate.endpoints import member
from gate.model import Observation
from gate.observe.answer import LIMITS, choices
from gate.observe.usage import tokens, usage

CUT = frozenset(LIMITS)


def reasoned(observation: Observation) -> int:
    """The tokens of hidden reasoning that the usage reports; 0 without."""
    counts = usage(observation)
    details = [member(counts, key) for key in ("completion_tokens_details", "output_tokens_details")]
    return next((n for d in details if isinstance(d, dict) if (n := tokens(d, "reasoning_tokens"))), 0)


def ended_by_limit(observation: Observation) -> bool:
    """Every choice says that a limit ended it."""
    words = finishes(observation)
    return bool(words) and CUT.issuperset(words)


def finishes(observation: Observation) -> list[str]:
    """How each choice says that it ended; empty where that is no string."""
    return [choice.finish if isinstance(choice.finish, str) else "" for choice in choices(observation)]
