"""Entries of log probabilities that come more often than their tokens."""

from __future__ import annotations

from gate.observe.logprobs import Scored


def is_repeated(text: Scored) -> bool:
    """Whether all entries come twice, each behind the other or the list as a whole, for a text that comes once."""
    tokens = [(token.text, token.logprob) for token in text.tokens]
    half = len(tokens) // 2
    twice = tokens[:half] == tokens[half:] or tokens[::2] == tokens[1::2]
    return twice and len(text.spelled) >= 2 * len(text.text) > 0
