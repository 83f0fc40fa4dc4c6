"""Answers that check themselves: counted numbers, in which a hole, a repeat or another order shows."""

from __future__ import annotations

import re

from gate.model import Exchange
from gate.mutations._chat import spoken, text
from gate.mutations._edit import CHAT, Piece, places, streamed

_NUMBERS = re.compile(r"\d+")


def counting(exchange: Exchange) -> bool:
    """Whether a streamed text counts from 1 to 10 at least."""
    numbers = [int(number[:9]) for number in _NUMBERS.findall(text(exchange))]
    return streamed(exchange, CHAT) and len(numbers) >= 10 and numbers == list(range(1, len(numbers) + 1))


def bearing(found: list[Piece]) -> list[int]:
    """Where the frames stand whose text holds a digit."""
    said = [str(next(spoken(piece.doc), {}).get("content")) for piece in found]
    return [i for i in places(found, "content") if any(char.isdigit() for char in said[i])]
