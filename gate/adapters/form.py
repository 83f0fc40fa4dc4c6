"""What a form of recordings is: its name, how it is told from others, and how it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from gate.adapters.source import Source
from gate.model import Absent, Exchange


@dataclass(frozen=True, slots=True)
class Form:
    """One form. `name` fits into "this is …". `recognise` never raises; `read` raises CassetteError, with file:line,
    for a file of this form that is broken. `absent` is what the form never holds.
    """

    name: str
    recognise: Callable[[Source], bool]
    read: Callable[[Source], Iterable[Exchange]]
    absent: tuple[Absent, ...]
    advice: str = "`gate import` makes a cassette of it"
