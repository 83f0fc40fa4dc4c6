"""What the rules about token limits share: the limit of a request, and how an answer used and ended it."""

from __future__ import annotations

from gate.endpoints import member
from gate.model import Observation
from gate.observe.answer import choices
from gate.observe.request import asked
from gate.observe.usage import COMPLETION, tokens, usage

# chat's two names (PA01) and the one of the Responses API
_NAMES = ("max_completion_tokens", "max_tokens", "max_output_tokens")
CUT = frozenset({"length", "max_output_tokens"})  # what chat and responses call an end at the limit


def limit(observation: Observation) -> int | None:
    """The limit for one choice that the request sets, in tokens."""
    values = (asked(observation, name) for name in _NAMES)
    return next((value for value in values if type(value) is int and value > 0), None)


def written(observation: Observation) -> int | None:
    """The completion tokens of the answer as its usage counts them, over all choices."""
    return tokens(usage(observation), *COMPLETION)


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
