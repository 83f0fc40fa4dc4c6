"""Which words of a picture have room, and on how wide a window. Pure: a page without script can't measure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

PLOTS = (("", 310), ("roomy", 660), ("roomiest", 960))
"""A style class and the narrowest plot, in pixels, under which it shows words: on any window, beyond a phone, wide."""

_CHARACTER = 6.4  # pixels of a character of the labels, a little more than on average
_BESIDE = 8  # pixels between a place and words beside it
RIGHT = 60  # per cent; words beside a place farther right stand before it, so that they never leave the plot


@dataclass(frozen=True, slots=True)
class Note:
    """Words at a place of a row; `width` is how far what they speak of reaches. Both in per cent. `room` is the style
    class that shows them where they have room."""

    at: float
    text: str
    width: float = 0.0
    room: str = ""

    @property
    def before(self) -> bool:
        """Whether the words stand before their place."""
        return self.at > RIGHT


def within(notes: Iterable[Note]) -> Iterator[Note]:
    """Those that are no wider than what they speak of."""
    for note in notes:
        fits = (room for room, pixels in PLOTS if _long(note) <= note.width / 100 * pixels)
        if (room := next(fits, None)) is not None:
            yield replace(note, room=room)


def apart(notes: Sequence[Note], taken: Iterable[Note] = ()) -> Iterator[Note]:
    """Words beside their places, the most telling first; later ones give way."""
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
