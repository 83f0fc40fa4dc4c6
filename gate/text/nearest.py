"""The known word that a person probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(word: object, known: Iterable[object]) -> str | None:
    """The known word that is most like this one; None where none is like it."""
    # 0.6 is difflib's default. Cut, because its cost grows with the square of the length, and the word may be a pasted
    # file.
    close = difflib.get_close_matches(str(word)[:80], [str(other) for other in known], n=1, cutoff=0.6)
    return close[0] if close else None


def suggest(word: object, known: Iterable[object], *, listing: bool = True) -> str:
    """A fix in words: the nearest known word, or all of them."""
    names = [str(other) for other in known]
    near = nearest(word, names)
    if near:
        return f"did you mean `{near}`?"
    return f"known: {', '.join(names)}" if names and listing else ""
