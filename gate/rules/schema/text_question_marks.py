"""Question marks in place of letters: a text went through an encoding that does not have them (S52)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.texts import Texts, Written, asked, texts
from gate.wire.shape import show

# Between letters, unless a colon follows (`a?b:c`) or a sentence begins (`it?Yes`), or more in a row than end a
# sentence: "??" and "???" are emphasis, and an operator of code; 2,668 recorded texts have one at a time.
_REPLACED = re.compile(r"(?:[^\W\d_]\?[a-z\xdf-\xff]|[A-Z]\?[A-Z])(?!\w{0,40}:)|\?{4}")
# What such a hop writes in, narrowest first: https://docs.python.org/3/library/codecs.html#standard-encodings
_ENCODINGS = ("ascii", "latin-1", "cp1252")
# stands between letters, and is no letter
_APOSTROPHE = "\u2019"
_MARKS = re.compile(r"\?+")
_WITHIN = re.compile(r"[^\W\d_]\?+[^\W\d_]")
_AROUND = ".,:;!?()\"'*"  # what stands around a word
# what only an address or code has, and its marks in Markdown; the query of one begins with a question mark
_ADDRESS = frozenset("/=&`")
# Words with marks that show the damage by their number where none of them is the golden's or the request's own. Chosen:
# the row "patterns without marks of code" has three in sixteen words, and the damaged row "another one in Latin-1" two
# in four.
_SOME = 2
_SHARE = 1 / 4


def check(comparison: Comparison) -> Iterator[Drift]:
    """A text in ASCII or another narrow encoding whose letters are question marks, where the golden has others; or the
    golden's own text with a mark for each character beyond ASCII."""
    both = texts(comparison)
    golden = [s for sample in both.golden for text in sample for s in text.strings if not s.isascii()]
    masked = {_masked(string) for string in golden}
    for pair, text, found in both.unshown(lambda text: _replaced(text, masked)):
        known = _masked(found) in masked
        if known or (
            _has_letters(both, text, _encoding(found)) and _is_damage(found, (*golden, *asked(pair.candidate)))
        ):
            yield pair.drift(
                path=text.path,
                message=f"{text.what} has question marks in place of letters",
                golden="letters beyond ASCII",
                candidate=show(found, 60),
            )


def _masked(string: str) -> str:
    """A text as ASCII alone would hold it; what is two characters in UTF-16 has one mark or two."""
    return _MARKS.sub("?", string.encode("ascii", "replace").decode())


def _encoding(string: str) -> str:
    """The narrowest encoding that holds a text; "" where none does."""
    return next((encoding for encoding in _ENCODINGS if _fits(string, encoding)), "")


def _fits(string: str, encoding: str) -> bool:
    try:
        string.encode(encoding)
    except UnicodeError:
        return False
    return True


def _replaced(text: Written, masked: Set[str]) -> str:
    """The first string whose letters are question marks."""
    marked = (string for string in text.strings if "?" in string)
    return next((s for s in marked if (s.isascii() and _masked(s) in masked) or (_encoding(s) and any(_words(s)))), "")


def _words(string: str) -> Iterator[str]:
    """The words of a text that have question marks for letters."""
    words = (word for word in string.split() if "?" in word) if "?" in string else ()
    yield from (word for word in words if _ADDRESS.isdisjoint(word) and _REPLACED.search(word))


def _is_damage(string: str, known: Iterable[str]) -> bool:
    """Whether the marks stand for letters, and do not make the letter before them optional, as in `colou?r`: they come
    in a word of the golden's or the request's, in a good part of all words, or in a row."""
    words = [word for word in string.split() if any(map(str.isalpha, word))]
    marked = [word for word in words if _WITHIN.search(word) and _ADDRESS.isdisjoint(word)]
    if "????" in string or (len(marked) >= _SOME and len(marked) >= _SHARE * len(words)):
        return True
    theirs = {_masked(word).strip(_AROUND) for text in known if not text.isascii() for word in text.split()}
    return any(_masked(word).strip(_AROUND) in theirs for word in marked)


def _has_letters(both: Texts, text: Written, encoding: str) -> bool:
    """Whether every golden sample has letters that the encoding has not, in a text of the same kind."""
    alike = [[golden.text for golden in sample if golden.kind == text.kind] for sample in both.golden]
    shown = [any(_is_lettered(text, encoding) for text in sample) for sample in alike if sample]
    return bool(shown) and all(shown)


def _is_lettered(text: str, encoding: str) -> bool:
    beyond = {char for char in text if char > "\x7f" and (char.isalpha() or char == _APOSTROPHE)}
    return any(not _fits(char, encoding) for char in beyond)


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
