"""Strings of a model's internal format in the texts that it writes, where no golden text has them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from gate.model import Comparison, Pair, TextKind
from gate.observe.answer import answered
from gate.observe.texts import Written, texts

# All that is searched for has one of these; most texts have none: `<` of XML-like marks and ChatML, `[` of Mistral's,
# `◁` of Kimi's, and `assistant` of headers that lost their marks
_HINTS = ("<", "[", "◁", "assistant")
# What stands on both sides of a mark that is spoken of, in Markdown and in prose
_QUOTES = "`\"'"


def leaks(
    comparison: Comparison, pattern: re.Pattern[str], kinds: Collection[TextKind]
) -> Iterator[tuple[Pair, Written, re.Match[str]]]:
    """The first match in each text of these kinds; none where a golden text has one, whatever its form."""
    first = _first(pattern, kinds)
    # a route whose answers always carry them has clients that strip them
    for pair, text, _ in texts(comparison).unshown(lambda text: match[0] if (match := first(text)) else ""):
        match = first(text) if answered(pair.candidate) else None
        if match:
            yield pair, text, match


def _first(pattern: re.Pattern[str], kinds: Collection[TextKind]) -> Callable[[Written], re.Match[str] | None]:
    def first(text: Written) -> re.Match[str] | None:
        if text.kind not in kinds:
            return None
        strings = (string for string in text.strings if any(hint in string for hint in _HINTS))
        matches = (match for string in strings for match in pattern.finditer(string))
        return next((match for match in matches if not (_is_spoken_of(match) or _is_closed(match))), None)

    return first


def _is_spoken_of(match: re.Match[str]) -> bool:
    """Whether a mark stands alone between quotes or marks of code: an answer explains it."""
    before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
    return bool(before) and before == after and before in _QUOTES


def _is_closed(match: re.Match[str]) -> bool:
    """Whether `</s>` closes an element of HTML."""
    return match[0] == "</s>" and "<s>" in match.string[: match.start()]
