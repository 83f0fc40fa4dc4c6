"""Where the secrets and personal data of a text are, and the mask that takes their place.

The mask keeps the shape: letters become x, digits 1, all else stays. So lengths, JSON, `format: email` and patterns
such as E.164 hold, equal secrets get equal masks, and masking twice changes nothing. A match whose mask is itself
is no leak.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Literal

from gate.redact.checks import names_something
from gate.redact.kinds import EMAIL, IN_CONTEXT, PERSONAL, PREFIXED, PUBLIC_KEYS, Kind, forms


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start:end` of one text, and the kind of secret they are."""

    start: int
    end: int
    kind: str


# -- masks --------------------------------------------------------------------------------------

# In a text that is JSON or code of its own, a mask must leave `\n` and `\u00e9` whole.
_ESCAPED = re.compile(r"\\(?:u[0-9a-fA-F]{4}|.)", re.DOTALL)


def shape(character: str) -> str:
    """The mask of one character."""
    if character.isdigit():
        return "1"
    if character.isalpha():
        # ASCII only, so that a mask has a known number of bytes for each character.
        return "X" if "A" <= character <= "Z" else "x"
    return character


def masked(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """(index, character) for all that masking `text[start:end]` changes; escape sequences stay whole."""
    escapes = _escaped(text, start, end)
    for index in range(start, end):
        if index not in escapes and (new := shape(text[index])) != text[index]:
            yield index, new


def _escaped(text: str, start: int, end: int) -> frozenset[int]:
    # The span may begin inside an escape: look from the nearest place before it that can't be in one.
    begin = max(0, start - 6)
    while begin and text[begin - 1] == "\\":
        begin -= 1
    if text.find("\\", begin, end) < 0:
        return frozenset()
    return frozenset(i for m in _ESCAPED.finditer(text, begin, end) for i in range(*m.span()))


def is_masked(text: str, start: int, end: int) -> bool:
    """Whether a mask would change nothing: the span has only x, 1, signs and escapes."""
    return next(masked(text, start, end), None) is None


# Vectors and images as base64 may contain anything by chance; a key can only be what such a run starts with.
_BLOB = re.compile(r"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{200,}={0,2}")
# chosen: longer than any key. What lies deeper in a blob is no match's start, and searching it takes seconds per image.
_EDGE = 16 * 1024


_GLUE = "\n\0\n"  # NUL is no space, no word and no line break to any of our patterns

_DUMMY = re.compile(r"[xX1\W_]*[xX1][xX1\W_]*")  # `xxxxxxxx`: what a mask looks like

Depth = Literal["prefixed", "codes", "words"]
"""How much to look for. prefixed: what its own first characters tell; codes: also what context tells, and emails;
words: also runs of digits and the team's patterns."""

_CODES = (*PREFIXED, *IN_CONTEXT, *EMAIL)
_KINDS: Mapping[Depth, tuple[Kind, ...]] = {"prefixed": PREFIXED, "codes": _CODES, "words": (*_CODES, *PERSONAL)}
EXACT = "API key of this run"


@dataclass(slots=True)
class _Glued:
    """(number, text) of many texts as one, which is searched at once. `gaps` are (start, end) of what was left out of
    the middle of large blobs."""

    numbered: Sequence[tuple[int, str]]
    text: str = field(init=False)
    starts: list[int] = field(init=False)
    blobs: list[tuple[int, int]] = field(init=False)
    gaps: list[tuple[int, int]] = field(init=False)

    def __post_init__(self) -> None:
        self.text = _GLUE.join(text for _, text in self.numbered)
        self.starts = [0, *accumulate(len(text) + len(_GLUE) for _, text in self.numbered)][: len(self.numbered)]
        whole = [match.span() for match in _BLOB.finditer(self.text)]
        self.gaps = [(start + _EDGE, end - _EDGE) for start, end in whole if end - start > 3 * _EDGE]
        if self.gaps:
            self.text = "".join(_around(self.text, self.gaps))
        self.blobs = [match.span() for match in _BLOB.finditer(self.text)] if self.gaps else whole

    def place(self, start: int, end: int) -> tuple[int, int, int]:
        """(number of the text, start, end) there; the end may lie beyond it."""
        start, end = self._whole(start), self._whole(end)
        at = bisect_right(self.starts, start) - 1
        return self.numbered[at][0], start - self.starts[at], end - self.starts[at]

    def _whole(self, index: int) -> int:
        """The index in the texts with nothing left out: an end in the second edge of a blob covers the gap as well."""
        for start, end in self.gaps:
            if index <= start:
                break
            index += end - start
        return index


def _around(text: str, gaps: Sequence[tuple[int, int]]) -> Iterator[str]:
    for (_, start), (end, _) in pairwise([(0, 0), *gaps, (len(text), len(text))]):
        yield text[start:end]


@dataclass(frozen=True)
class Detector:
    """Finds secrets and personal data. `secrets`: real key values; `patterns`: the team's own expressions."""

    secrets: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()

    @cached_property
    def _exact(self) -> re.Pattern[str] | None:
        known = (secret for secret in self.secrets if secret not in PUBLIC_KEYS and not _DUMMY.fullmatch(secret))
        words = {form for secret in known for form in forms(secret)}
        ordered = sorted(words, key=lambda w: (-len(w), w))
        return re.compile("|".join(map(re.escape, ordered))) if ordered else None

    @cached_property
    def _team(self) -> tuple[re.Pattern[str], ...]:
        return tuple(map(re.compile, self.patterns))

    def find(self, texts: Sequence[str], depth: Depth = "words") -> Iterator[tuple[int, Span]]:
        """(number of the text, span in it) for all that a mask would change. One search goes over all texts."""
        if not texts:
            return
        for number, start, end, kind in self._spans(texts, depth):
            last = min(end, len(texts[number]))
            # A real key that no mask changes is all signs; it must be refused, not passed over.
            if start < last and (kind == EXACT or not is_masked(texts[number], start, last)):
                yield number, Span(start, last, kind)
        if depth == "words":
            yield from self._team_spans(texts)

    def _spans(self, texts: Sequence[str], depth: Depth) -> Iterator[tuple[int, int, int, str]]:
        if self._exact is not None:  # also in the middle of an image
            for number, text in enumerate(texts):
                yield from ((number, *match.span(), EXACT) for match in self._exact.finditer(text))
        whole = _Glued(list(enumerate(texts)))
        # the longest expressions of the table, which few texts need
        pairs = _Glued([(number, text) for number, text in enumerate(texts) if names_something(text)])
        for kind in _KINDS[depth]:
            glued = pairs if kind.of_pairs else whole
            if any(map(glued.text.__contains__, kind.needles)):  # no frame for each of 300 needles
                for start, end in _matches(kind, glued.text, glued.blobs):
                    yield *glued.place(start, end), kind.name

    def _team_spans(self, texts: Sequence[str]) -> Iterator[tuple[int, Span]]:
        # One by one, because nobody knows what a team's pattern makes of the glue, of ^ and of $.
        for pattern in self._team:
            for number, text in enumerate(texts):
                for match in pattern.finditer(text):
                    if not is_masked(text, *match.span()):
                        yield number, Span(*match.span(), "team pattern")


def _matches(kind: Kind, text: str, blobs: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    group: str | int = "value" if "value" in kind.pattern.groupindex else 0
    for match in kind.pattern.finditer(text):
        start, end = match.span(group)  # (-1, -1) where the group took no part
        value = text[start:end] if start >= 0 else ""
        if not value or value in PUBLIC_KEYS or not kind.accept(value):
            continue
        at = bisect_right(blobs, (start, len(text))) - 1
        inside = at >= 0 and blobs[at][0] < start < blobs[at][1]
        if not inside:
            yield start, end
