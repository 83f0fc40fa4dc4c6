"""The exchange of a step, golden against candidate, line by line. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gate.explain.arrivals import Row, rows
from gate.model import Exhibit, Line

# a member's name before its value, as `gate.explain.lines` writes it
_NAME = re.compile(r'\s*"(?:[^"\\]|\\.)*": ')
_KINDS = {'"': "text", "{": "object", "[": "list", "t": "truth", "f": "truth", "n": "null"}


@dataclass(frozen=True, slots=True)
class Marked:
    """A row and the style class that says how its sides differ: `only` where a side has none, `type` where the JSON
    types differ, `same` where they are equal."""

    row: Row
    word: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the exchange. Its events have kinds and times where `timed`; a part that is the same on both sides is
    shown once."""

    title: str
    rows: tuple[Marked, ...]
    timed: bool = False

    @property
    def same(self) -> bool:
        """Whether both sides are equal."""
        return all(marked.word == "same" for marked in self.rows)


def parts(shown: Sequence[Exhibit]) -> tuple[Part, ...]:
    """Answer, its headers and the request of a step; those that either side has."""
    sides = [next((one for one in shown if one.side == side), None) for side in ("golden", "candidate")]
    streamed = any(one.form == "stream" for one in shown)
    listed = (
        Part(
            "events" if streamed else "answer",
            _rows([one.response if one else () for one in sides], of_json=not streamed),
            streamed,
        ),
        Part("headers of the answer", _rows([_headers(one) if one else () for one in sides])),
        Part("request", _rows([one.request if one else () for one in sides], of_json=True)),
    )
    return tuple(part for part in listed if part.rows)


def _headers(one: Exhibit) -> list[Line]:
    return [Line(name, f"{name}: {value}") for name, value in one.headers]


def _rows(sides: Sequence[Sequence[Line]], *, of_json: bool = False) -> tuple[Marked, ...]:
    golden, candidate = sides
    names = [{line.key for line in side} for side in sides]
    # where a side has nothing at all, marks on all of the other would say nothing
    one_sided = names[0] ^ names[1] if all(names) else set()
    return tuple(Marked(row, _word(row, row.key in one_sided, of_json)) for row in rows(golden, candidate))


def _word(row: Row, one_sided: bool, of_json: bool) -> str:
    if row.golden is None or row.candidate is None:
        # one more token than the other side has is no difference
        return "only" if one_sided else ""
    if row.golden.text == row.candidate.text:
        return "same"
    # Values differ from one answer to the next; the types of JSON are the contract.
    return "type" if of_json and _kind(row.golden.text) != _kind(row.candidate.text) else ""


def _kind(text: str) -> str:
    value = _NAME.sub("", text, count=1).lstrip()
    return _KINDS.get(value[:1], "number")
