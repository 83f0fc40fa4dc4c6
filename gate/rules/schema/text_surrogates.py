"""Halves of surrogate pairs: alone they are no character, and only an escape can write them (S53)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.texts import Written, texts

# https://www.unicode.org/glossary/#surrogate_code_point
_HALF = re.compile("[\ud800-\udfff]")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def check(comparison: Comparison) -> Iterator[Drift]:
    """A half that stays alone is breaking; a pair whose halves come in two deltas is whole again when joined."""
    for pair, text, half in texts(comparison).unshown(_alone):
        yield pair.drift(
            path=text.path,
            message=f"{text.what} has half of a surrogate pair, which is no character",
            golden="whole characters",
            candidate=half,
        )
    for pair, text, half in texts(comparison).unshown(_split):
        if not _alone(text):
            yield pair.drift(
                path=text.path,
                message=f"a character of {text.what} comes as two halves of a surrogate pair, in two deltas",
                golden="whole characters",
                candidate=half,
                # UTF-16 languages join them; others have encoded each delta by then
                severity=Severity.RISKY,
            )


def _alone(text: Written) -> str:
    halves = (string for string in text.strings if _named(string))
    return next((named for string in halves if (named := _named(_PAIR.sub("", string)))), "")


def _split(text: Written) -> str:
    return next((named for string in text.strings if (named := _named(string))), "")


def _named(string: str) -> str:
    half = None if string.isascii() else _HALF.search(string)
    return f"U+{ord(half[0]):04X}" if half else ""


RULE = Rule(
    id="text-surrogates",
    area="schema",
    # S53: encoders raise, and the turn is lost
    severity=Severity.BREAKING,
    summary="a text has halves of surrogate pairs",
    who_breaks="Python raises UnicodeEncodeError when it prints or stores the text; serde_json rejects the whole event",
    hint="cut texts at characters, not at UTF-16 units, and escape a character beyond U+FFFF as a whole pair",
    check=check,
)
