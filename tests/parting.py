"""Two texts as one in the manner of `diff`, where a long line breaks at the very characters in which they part: bodies are
one line, and a drift in the middle of three hundred characters is not seen otherwise. For the pages of the rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby

# A JSON string, a word or number, or any other character, each with the white space before it: no line then ends in it.
_TOKEN = re.compile(r'\s*(?:"(?:[^"\\]|\\.)*"|[\w.+-]+|.|$)', re.DOTALL)
# chosen by looking at all pages: what stands between two differences and is shorter is read as a part of them,
_BETWEEN = 12  # characters
# and two lines that part more often, or have less in common, are two lines.
_PARTS, _ALIKE = 6, 0.4

Piece = tuple[str, str]
"""A mark, which is a space, `-` or `+`, and its text."""


def parted(golden: str, candidate: str) -> list[str]:
    """Lines that begin with a space where both have them, with `-` where the golden alone, with `+` where the candidate."""
    left, right = golden.split("\n"), candidate.split("\n")
    # another end of line is a difference in all of them, and none in their order
    first, second = ([line.rstrip("␍ ") for line in side] for side in (left, right))
    pieces: list[Piece] = []
    for _, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if b - a == d - c:
            for old, new in zip(left[a:b], right[c:d], strict=True):
                pieces += _within(old, new)
        else:
            pieces += _both(left[a:b], right[c:d])
    return [f"{mark}{text}".rstrip(" ") for mark, text in _in_order(pieces)]


def _both(left: Sequence[str], right: Sequence[str]) -> list[Piece]:
    return [*(("-", line) for line in left), *(("+", line) for line in right)]


def _within(old: str, new: str) -> list[Piece]:
    """One line against one: broken where they part, if they have enough in common."""
    if old == new:
        return [(" ", old)]
    left, right = _TOKEN.findall(old), _TOKEN.findall(new)
    parts: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        same, gone, came = "".join(left[a:b]), "".join(left[a:b]), "".join(right[c:d])
        if kind == "equal" and (len(same) >= _BETWEEN or not parts or b == len(left)):
            parts.append((" ", same))
        else:
            parts += [("-", gone), ("+", came)]
    joined = [piece for piece in _joined(parts) if piece[1]]
    common = sum(len(text) for mark, text in joined if mark == " ")
    differences = sum(mark == " " for mark, _ in joined)
    if differences > _PARTS or common < _ALIKE * max(len(old), len(new)):
        return [("-", old), ("+", new)]
    return joined


def _joined(parts: Sequence[Piece]) -> Iterator[Piece]:
    """Neighbours that differ become one difference: what is gone, then what came."""
    for same, run in groupby(parts, key=lambda piece: piece[0] == " "):
        pieces = list(run)
        for mark in " " if same else "-+":
            yield mark, "".join(text for kind, text in pieces if kind == mark)


def _in_order(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Whole lines that differ one after the other: those of the golden first."""
    for same, run in groupby(pieces, key=lambda piece: piece[0] == " "):
        yield from sorted(run, key=lambda piece: not same and piece[0] == "+")
