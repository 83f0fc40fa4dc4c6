"""Deltas whose blanks at the ends are gone: joined, the words run together (ST32)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from itertools import pairwise

from gate.model import Comparison, Drift, Pair, Rule, Severity
from gate.observe.texts import Written, texts
from gate.wire.shape import show

_WORD = re.compile(r"[^\W\d_]+")
# Borders between deltas at which two known words meet: a compound (sun|flower) has one or two, and none of 106 recorded
# streams without a blank at any border has one.
_MET = 4
# Blanks that the same text lost: one or two are the model's spacing, and in 48 recorded pairs that differ in blanks
# alone no two words run together.
_LOST = 3
# The first block of East Asian characters: https://www.unicode.org/charts/PDF/U2E80.pdf
_CJK = "\u2e80"
_SPACES, _LINES = "spaces between words", "line ends between its parts"
# What a line's end stood before: a list's mark or number, a heading, a fence, behind a word or a full stop. A number is
# none behind a digit: "in 1912. He".
_RUN_ON = re.compile(r"(?<=[\w:.!?])(?:[-*•] (?=\w)|(?<!\d)\d{1,2}\. (?=\w)|#{1,4} |```)|(?<=[a-z])[.!?](?=[A-Z][a-z])")


def check(comparison: Comparison) -> Iterator[Drift]:
    """By the golden's own words: that a text has no blanks proves nothing (compounds, sequences, Chinese)."""
    both = texts(comparison)
    spaced = [text for sample in both.golden for text in sample if len(text.text.split()) > _LOST]
    for pair, written in both.candidate:
        for text in written:
            alike = [golden for golden in spaced if golden.kind == text.kind]
            if alike and (lost := _lost(text, alike, spaced)):
                yield _drift(pair, text, alike[0], lost)


def _vocabulary(spaced: list[Written]) -> Set[str]:
    return {word for text in spaced for string in text.strings for word in _WORD.findall(string)}


def _drift(pair: Pair, text: Written, golden: Written, lost: str) -> Drift:
    return pair.drift(
        path=text.path,
        message=f"{text.what} lacks the {lost}: each delta was trimmed",
        golden=show(golden.text, 60),
        candidate=show(text.text, 60),
        severity=Severity.RISKY if lost == _LINES else None,
    )


def _lost(text: Written, alike: list[Written], spaced: list[Written]) -> str:
    """What a text lost between its words; "" where it shows nothing of it."""
    same = [lost for golden in alike if (lost := _same_but_blanks(text, golden))]
    if same or _words_met(text, spaced) >= _MET:
        return same[0] if same else _SPACES
    # every golden text has lines, and none of them runs a mark into the line before
    lines = all("\n" in golden.text.strip() and not _RUN_ON.search(golden.text) for golden in alike)
    # lines whose ends are escapes are text-escaped-twice's
    broken = "\n" in text.text.strip() or "\\n" in text.text
    run_on = text.pieces and not broken and len(_RUN_ON.findall(text.text)) > 1
    return _LINES if lines and run_on else ""


def _same_but_blanks(text: Written, golden: Written) -> str:
    """What the golden's text lost where it is the same but for most of its blanks."""
    for ours, theirs in zip(text.strings, golden.strings, strict=False):
        if ours != theirs and _bare(ours) == _bare(theirs):
            joined = _borders(theirs) - _borders(ours)
            # other spacing of marks and paragraphs is the model's; no line at all is not
            lines = theirs.strip().count("\n") >= _LOST and "\n" not in ours.strip()
            # all of two is as sure as three of many
            whole = joined >= _LOST - 1 and not _borders(ours)
            if joined >= _LOST or whole or (lines and joined):
                return _SPACES
            if lines:
                return _LINES
    return ""


def _borders(text: str) -> int:
    """How many words or numbers a blank parts. Chinese and Japanese put blanks around other scripts as they like."""
    ends = ((before[-1], after[0]) for before, after in pairwise(text.split()))
    return sum(last.isalnum() and first.isalnum() and max(last, first) < _CJK for last, first in ends)


def _bare(text: str) -> str:
    return "".join(text.split())


def _words_met(text: Written, spaced: list[Written]) -> int:
    """How many different pairs of the golden's words meet at borders of deltas; 0 where some border has a blank."""
    met: set[tuple[str, str]] = set()
    for before, after in pairwise(filter(None, text.pieces)):
        if before[-1].isspace() or after[0].isspace():
            return 0
        met.add((_last(before), _first(after)))
    # made late: most texts show at once that they have their blanks
    known = _vocabulary(spaced) if len(met) >= _MET else frozenset[str]()
    # by their very letters: in getDanubeCountries or a sequence (AT, A) they are other words
    return sum(last in known and first in known for last, first in met)


def _last(piece: str) -> str:
    """The last word of a delta, where it ends with one."""
    found = _WORD.findall(piece) if piece[-1].isalpha() else []
    return found[-1] if found else ""


def _first(piece: str) -> str:
    """The first word of a delta, where it begins with one."""
    found = _WORD.match(piece)
    return found[0] if found else ""


RULE = Rule(
    id="deltas-trimmed",
    area="stream",
    # ST32: the words can't be told apart any more
    severity=Severity.BREAKING,
    summary="the deltas were trimmed one by one: words run together",
    who_breaks="everyone who reads the text; arguments with a sentence in them are wrong",
    hint="don't trim deltas: a blank at the start or the end of one belongs to the text",
    check=check,
)
