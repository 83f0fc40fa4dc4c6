"""What `gate scan` finds in source: rows of a few lines, as people write them."""

from __future__ import annotations

from textwrap import dedent

from gate.inventory.answers import Answers
from gate.inventory.source import read


def answers(text: str, name: str = "app.py") -> Answers:
    """One file with that text."""
    return Answers(read(name, dedent(text).lstrip("\n").encode()))
