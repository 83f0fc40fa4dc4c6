"""Strings of a model's internal format in the text of an answer, where no golden text has them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gate.model import Choice, Comparison, Pair
from gate.observe.answer import answered, choices


def leaks(comparison: Comparison, pattern: re.Pattern[str]) -> Iterator[tuple[Pair, Choice, re.Match[str]]]:
    """The first match of the pattern in each choice's text; none where a golden text has one, whatever its form."""
    # a route whose answers always carry them has clients that strip them
    if any(_first(choice, pattern) for golden in comparison.golden for choice in choices(golden)):
        return
    for pair in comparison.pairs:
        for choice in choices(pair.candidate) if answered(pair.candidate) else ():
            if match := _first(choice, pattern):
                yield pair, choice, match


def _first(choice: Choice, pattern: re.Pattern[str]) -> re.Match[str] | None:
    # all that is searched for has one of these; most texts have none
    # `<` of XML-like marks and ChatML, `[` of Mistral's, `◁` of Kimi's: a text without them can't match any pattern
    return pattern.search(choice.text) if any(mark in choice.text for mark in "<[◁") else None
