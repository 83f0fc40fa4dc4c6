"""Words of the golden's, by which a text shows where it begins and ends."""

from __future__ import annotations

import re
from collections.abc import Set

from gate.observe.texts import Texts

# a run of letters; each letter of scripts that part no words by blanks
WORD = re.compile("[\u2e80-\U0003ffff]|[^\\W\\d_\u2e80-\U0003ffff]+")


def words(both: Texts) -> Set[str]:
    """Every word of the golden's texts, in lower case."""
    strings = {string for sample in both.golden for text in sample for string in text.strings}
    return {word.lower() for string in strings for word in WORD.findall(string)}


def begins(text: str, known: Set[str]) -> bool:
    """Whether a text begins with a known word, at once."""
    word = WORD.match(text)
    return word is not None and word[0].lower() in known


def ends(text: str, known: Set[str]) -> bool:
    """Whether a text ends with a known word, or a sentence does."""
    found = WORD.findall(text[-_LAST:])
    return bool(found) and found[-1].lower() in known and text.rstrip(".!?。！？").endswith(found[-1])


_LAST = 100  # characters from which the last word is read, a bound on time
