"""U+FEFF in a text: a byte order mark that a hop took for a part of it, and that nobody sees (S68)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.texts import Written, mentions, texts
from gate.wire.shape import show

# https://www.unicode.org/faq/utf_bom.html#BOM; within a text U+2060 has taken its place
_MARK = "\ufeff"


def check(comparison: Comparison) -> Iterator[Drift]:
    """At the start or within, where no golden text has one and the request holds none."""
    for pair, text, string in texts(comparison).unshown(_marked):
        if not mentions(pair.candidate, _MARK):
            at = string.index(_MARK)
            yield pair.drift(
                path=text.path,
                message=f"{text.what} has a byte order mark, U+FEFF, which nobody sees",
                golden="no such character",
                candidate=show(string[max(0, at - 20) : at + 20], 60),
            )


def _marked(text: Written) -> str:
    """The first string with the mark."""
    return next((string for string in text.strings if not string.isascii() and _MARK in string), "")


RULE = Rule(
    id="text-byte-order-mark",
    area="schema",
    # S68: JSON parsers raise on it, comparisons fail without a visible reason
    severity=Severity.RISKY,
    summary="a text has a byte order mark in it",
    who_breaks="parsers of the text (`JSON.parse`, `json.loads`), comparisons, names of files and keys of databases",
    hint="let no hop write a byte order mark, and drop it where bytes are decoded (`utf-8-sig`)",
    check=check,
)
