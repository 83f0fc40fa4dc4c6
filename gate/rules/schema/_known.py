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
    return _is_known(text, known) or (word is not None and _is_known(word[0], known))


def ends(text: str, known: Set[str]) -> bool:
    """Whether a text ends with a known word, or a sentence does; or is a known text."""
    found = WORD.findall(text[-_LAST:])
    return _is_known(text, known) or (
        bool(found) and _is_known(found[-1], known) and text.rstrip(".!?").endswith(found[-1])
    )


def _is_known(word: str, known: Set[str]) -> bool:
    # a letter alone ends or begins other words as well: the s of "nulls", where the golden has "it's", the a of "anil"
    return bool({word, word.lower()} & known) and (len(word) > 1 or not word.islower())
