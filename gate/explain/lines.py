"""Bodies as lines that a person reads: JSON by its members, streams by their events. Pure; never raises.

Nothing is made up: members that come twice stay twice, and numbers are spelled as they came.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, islice, takewhile

from gate.explain.arrivals import arrivals
from gate.model import Headers, Line, Observation
from gate.text.plural import count
from gate.text.safe import cut
from gate.wire import form

# chosen: a line of a screen or three; a vector or an image has megabytes.
LONGEST = 400  # characters of one line
_LARGE = 1_000_000  # bytes; what is larger is shown as text, which is cheaper than reading it
# chosen: of a stranger's body a million lines may each have a path of a million characters.
_MOST = 20_000  # lines of JSON; what has more is shown as text
_PATH = 200  # characters of a path, and of a name in it


class _Members(list[tuple[str, object]]):
    """An object with its members in order, doubled ones too."""


class _Number(str):
    """A number as it was spelled."""

    __slots__ = ()


def request_lines(body: bytes, room: int, headers: Headers = ()) -> tuple[Line, ...]:
    """The lines of a request, within `room` characters; of a form its fields, and a file by its size and digest."""
    fields = form.document(body, headers)
    return _within(_json(json.dumps(fields).encode() if fields else body) or _text(body), room)


def response_lines(observation: Observation, body: bytes, room: int) -> tuple[Line, ...]:
    """The lines of an answer, within `room` characters; of a stream a line for each event, with its time."""
    if events := arrivals(observation):
        return _told(events, room)
    return _within(_json(body) or _text(body), room)


def _within(lines: Iterable[Line], room: int) -> tuple[Line, ...]:
    """As many lines as there is room for."""
    known = [replace(line, text=cut(line.text, LONGEST)) for line in lines]
    head, tail = _parts(known, room)
    left = len(known) - head - tail
    middle = [Line("", f"… {count(left, 'line')} left out …")] if left and room else []
    return (*known[:head], *middle, *known[len(known) - tail :])


def _told(events: Iterable[Line], room: int) -> tuple[Line, ...]:
    """All events, with the texts of as many as there is room for: a page shows few of a long run, and all times."""
    known = [replace(line, text=cut(line.text, LONGEST)) for line in events]
    head, tail = _parts(known, room)
    silent = (replace(line, text="") for line in known[head : len(known) - tail])
    return (*known[:head], *silent, *known[len(known) - tail :]) if room else ()


def _parts(lines: Sequence[Line], room: int) -> tuple[int, int]:
    """How many lines of the beginning fit into two thirds, and how many of the end into the rest: the end has
    finish_reason, usage and [DONE]."""
    if room and sum(map(_size, lines)) <= room:
        return len(lines), 0
    head = _fitting(lines, room * 2 // 3)
    return head, min(_fitting(lines[::-1], room // 3), len(lines) - head)


def _size(line: Line) -> int:
    return len(line.text) + 8  # a short line takes its place in the page as well


def _fitting(lines: Iterable[Line], room: int) -> int:
    sizes = accumulate(map(_size, lines))
    return sum(1 for _ in takewhile(lambda size: size <= room, sizes))


# -- texts --------------------------------------------------------------------------------------


def _text(body: bytes) -> list[Line]:
    return [Line(text, text) for text in body[:_LARGE].decode("utf-8", "replace").splitlines()]


# -- JSON ---------------------------------------------------------------------------------------


def _json(body: bytes) -> list[Line]:
    """The members of a JSON body, a line for each; empty where it is none."""
    if len(body) > _LARGE:
        return []
    try:
        value = json.loads(
            body, object_pairs_hook=_Members, parse_int=_Number, parse_float=_Number, parse_constant=_Number
        )
        lines = list(islice(_lines("", "", value, "", ""), _MOST + 1))
        return lines if len(lines) <= _MOST else []
    # a stranger's body may be anything, and nest a hundred thousand times
    except (ValueError, RecursionError):
        return []


def _lines(path: str, name: str, value: object, indent: str, comma: str) -> Iterator[Line]:
    nested = _nested(value)
    if not nested:
        yield Line(path, f"{indent}{name}{_flat(value)}{comma}")
        return
    opening, closing = "{}" if isinstance(value, _Members) else "[]"
    yield Line(path, f"{indent}{name}{opening}")
    for number, (key, inner) in enumerate(nested, 1):
        named = f".{key[:_PATH]}" if isinstance(value, _Members) else f"[{number - 1}]"
        under = f"{path[-_PATH:]}{named}"
        label = f"{_quoted(key)}: " if isinstance(value, _Members) else ""
        yield from _lines(under, label, inner, f"{indent}  ", "," if number < len(nested) else "")
    yield Line(f"{path}{closing}", f"{indent}{closing}{comma}")


def _nested(value: object) -> list[tuple[str, object]]:
    """The members of what takes more than a line: not of a list of numbers or words."""
    if isinstance(value, _Members):
        return list(value)
    if isinstance(value, list) and any(isinstance(part, list) for part in value):  # _Members are lists, too
        return [("", part) for part in value]
    return []


def _flat(value: object) -> str:
    if isinstance(value, _Number):
        return str(value)
    if isinstance(value, _Members):
        return "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flat, value))}]"
    return _quoted(value)


def _quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
