"""Nothing, written out: `undefined` before the first word, `None` behind the last, `[object Object]` (S77)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.answer import NULLS
from gate.observe.texts import Written, mentions, texts
from gate.rules.schema._known import begins, ends, strings, words
from gate.wire.shape import show

_STARTS = re.compile("|".join(map(re.escape, sorted(NULLS))))
_ENDS = re.compile(f"(?:{_STARTS.pattern})\\Z")
# https://tc39.es/ecma262/#sec-object.prototype.tostring, once for each part that was joined
_OBJECTS = re.compile(r"(?:\[object [A-Z][A-Za-z]{1,30}\],?\s?)+")


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where such a word touches one that the golden has as well: `nullable` and `NoneType` are words of their own."""
    both = texts(comparison)
    known: Set[str] = (
        words(both) | strings(both)
        if any(_is_suspect(text) for _, of in both.candidate for text in of)
        else frozenset()
    )
    for pair, text, word in both.unshown(lambda text: _glued(text, known)):
        whole = bool(_OBJECTS.fullmatch(word))
        # where such words are spoken of, `Option.None` may end a text
        if not whole and (word.lower() in known or mentions(pair.candidate, word)):
            continue
        yield pair.drift(
            path=text.path,
            message=f"{text.what} is the text of an object"
            if whole
            else f'{text.what} has "{word}" in place of nothing',
            golden="words alone",
            candidate=show(text.text if len(text.text) <= 60 else f"{text.text[:30]}…{text.text[-30:]}", 70),
            severity=Severity.BREAKING if whole else None,
        )


def _is_suspect(text: Written) -> bool:
    return any(_STARTS.match(string) or _ENDS.search(string) for string in text.strings)


def _glued(text: Written, known: Set[str]) -> str:
    """The word that stands for nothing; "" where there is none."""
    for string in text.strings:
        if _OBJECTS.fullmatch(string):
            return string
        if (match := _STARTS.match(string)) and begins(string[match.end() :], known):
            return match[0]
        if (match := _ENDS.search(string)) and ends(string[: match.start()], known):
            return match[0]
    return ""


RULE = Rule(
    id="text-null-words",
    area="schema",
    # S77: the words around it are right
    severity=Severity.RISKY,
    summary="a text has undefined, None or null joined to it",
    who_breaks="readers see it; parsers of the text fail on it, and a value that is compared is another one",
    hint="let the gateway test for a missing delta before it joins it to the text",
    check=check,
)
