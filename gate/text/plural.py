"""Numbers with their noun, as sentences need them."""

from __future__ import annotations


def count(number: int, noun: str) -> str:
    """`1 finding`, `2 findings`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
