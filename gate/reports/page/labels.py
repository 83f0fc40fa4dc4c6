"""Which labels of a timeline fit in how wide a window; the page has no script that could measure it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

PLOTS = (("", 310), ("roomy", 660), ("roomiest", 960))
"""(style class, the narrowest plot in pixels in which it shows labels): any window, wider than a phone, wide."""

_CHARACTER = 6.4  # pixels of a character, a little more than the average
_BESIDE = 8  # pixels between a place and its label
RIGHT = 60  # per cent; the label of a place farther right is left of it, so that it stays inside the plot


@dataclass(frozen=True, slots=True)
class Note:
    """A label at a place of a row; `width` is that of what it describes. Both in per cent. `room` is the style class
    that shows it only in windows where it fits."""

    at: float
    text: str
    width: float = 0.0
    room: str = ""

    @property
    def before(self) -> bool:
        """Whether the label is left of its place."""
        return self.at > RIGHT


def within(notes: Iterable[Note]) -> Iterator[Note]:
    """Labels that are not wider than what they describe."""
    for note in notes:
        fits = (room for room, pixels in PLOTS if _long(note) <= note.width / 100 * pixels)
        if (room := next(fits, None)) is not None:
            yield replace(note, room=room)


def apart(notes: Sequence[Note], taken: Iterable[Note] = ()) -> Iterator[Note]:
    """Labels beside their places that do not overlap; earlier ones have priority."""
    # A label that says how a stream broke off has priority over one that counts a burst.
    placed = list(taken)
    for note in notes:
        fits = (room for room, pixels in PLOTS if not any(_touch(note, other, pixels) for other in placed))
        if (room := next(fits, None)) is not None:
            placed.append(note)
            yield replace(note, room=room)


def _touch(exhibit: Note, other: Note, pixels: int) -> bool:
    (left, right), (start, end) = _span(exhibit, pixels), _span(other, pixels)
    return left < end and start < right


def _span(note: Note, pixels: int) -> tuple[float, float]:
    place = note.at / 100 * pixels
    near, far = place + _BESIDE, place + _BESIDE + _long(note)
    return (2 * place - far, 2 * place - near) if note.before else (near, far)


def _long(note: Note) -> float:
    return len(note.text) * _CHARACTER
