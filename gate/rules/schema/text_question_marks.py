"""Question marks in place of letters: a text went through an encoding that does not have them (S52)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.texts import Texts, Written, texts
from gate.wire.shape import show

# Between letters, unless a colon follows (`a?b:c`), or more in a row than end a sentence: "??" and "???" are
# emphasis, and an operator of code; 2,668 recorded texts have one at a time.
_REPLACED = re.compile(r"[A-Za-z]\?[A-Za-z](?!\w{0,40}:)|\?{4}")
# what only an address or code has; the query of one begins with a question mark
_ADDRESS = frozenset("/=&")


def check(comparison: Comparison) -> Iterator[Drift]:
    """A text in ASCII alone whose letters are question marks, where the golden has other letters."""
    both = texts(comparison)
    for pair, text, found in both.unshown(_replaced):
        if _has_letters(both, text):
            yield pair.drift(
                path=text.path,
                message=f"{text.what} has question marks in place of letters",
                golden="letters beyond ASCII",
                candidate=show(found, 60),
            )


def _replaced(text: Written) -> str:
    """The first string whose letters are question marks."""
    return next((string for string in text.strings if string.isascii() and any(_words(string))), "")


def _words(string: str) -> Iterator[str]:
    """The words of a text that have question marks for letters."""
    words = (word for word in string.split() if "?" in word) if "?" in string else ()
    yield from (word for word in words if _ADDRESS.isdisjoint(word) and _REPLACED.search(word))


def _has_letters(both: Texts, text: Written) -> bool:
    """Whether every golden sample has letters beyond ASCII in a text of the same kind."""
    alike = [[golden.text for golden in sample if golden.kind == text.kind] for sample in both.golden]
    shown = [any(map(_is_lettered, sample)) for sample in alike if sample]
    return bool(shown) and all(shown)


def _is_lettered(text: str) -> bool:
    return not text.isascii() and any(char.isalpha() and char > "\x7f" for char in text)


RULE = Rule(
    id="text-question-marks",
    area="schema",
    # S52: only the golden's letters show that the marks are none of the model's
    severity=Severity.RISKY,
    summary="letters of a text are question marks, where the golden has letters beyond ASCII",
    who_breaks="every reader of another script than English; names and arguments are lost for good",
    hint="let every hop use UTF-8: a gateway encodes the text as ASCII or Latin-1 and replaces what does not fit",
    check=check,
)
