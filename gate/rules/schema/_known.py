"""What the golden says, by which a text shows where it begins and ends."""

from __future__ import annotations

import re
from collections.abc import Set

from gate.observe.texts import Texts

# A run of letters. Scripts that part no words by blanks are known by whole texts alone: one sign of them is in any.
WORD = re.compile(r"[^\W\d_\u2e80-\U0003ffff]+")
_LAST = 100  # characters from which the last word is read, a bound on time


def words(both: Texts) -> Set[str]:
    """Every word of the golden's texts, in lower case."""
    return {word.lower() for string in strings(both) for word in WORD.findall(string)}


def strings(both: Texts) -> Set[str]:
    """Every text of the golden's."""
    return {string for sample in both.golden for text in sample for string in text.strings}


def begins(text: str, known: Set[str]) -> bool:
    """Whether a text begins with a known word, at once, or is a known text."""
    word = WORD.match(text)
    return text in known or (word is not None and word[0].lower() in known)


def ends(text: str, known: Set[str]) -> bool:
    """Whether a text ends with a known word, or a sentence does; or is a known text."""
    found = WORD.findall(text[-_LAST:])
    return text in known or (bool(found) and found[-1].lower() in known and text.rstrip(".!?").endswith(found[-1]))
