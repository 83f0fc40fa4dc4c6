"""What the rules about token limits share: the limit asked for, and how many tokens came."""

from __future__ import annotations

from gate.endpoints import member
from gate.model import Observation
from gate.observe.answer import choices
from gate.observe.request import asked
from gate.observe.usage import COMPLETION, tokens, usage

_NAMES = ("max_completion_tokens", "max_tokens", "max_output_tokens")
CUT = frozenset({"length", "max_output_tokens"})  # what finish says of a limit, chat and responses


def limit(found: Observation) -> int | None:
    """The limit for one choice that the request sets."""
    values = (asked(found, name) for name in _NAMES)
    return next((value for value in values if type(value) is int and value > 0), None)


def written(found: Observation) -> int | None:
    """The completion tokens of the answer as its usage counts them."""
    return tokens(usage(found), *COMPLETION)


def reasoned(found: Observation) -> int:
    """The tokens of hidden reasoning that the usage reports."""
    counts = usage(found)
    details = [member(counts, key) for key in ("completion_tokens_details", "output_tokens_details")]
    return next((n for d in details if isinstance(d, dict) if (n := tokens(d, "reasoning_tokens"))), 0)


def cut(found: Observation) -> bool:
    """Every choice says that a limit ended it."""
    finishes = ends(found)
    return bool(finishes) and CUT.issuperset(finishes)


def ends(found: Observation) -> list[str]:
    """How each choice ended, in its own word; empty where it is no word."""
    return [choice.finish if isinstance(choice.finish, str) else "" for choice in choices(found)]
