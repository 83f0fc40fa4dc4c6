"""The bytes around a finding, golden and candidate in two columns. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import zip_longest

from gate.explain.excerpts import place_of
from gate.model import MISSING, Exchange, Finding, Json, Observation, Response
from gate.observe.exchange import observe
from gate.text.safe import line
from gate.wire.encoding import content
from gate.wire.paths import at
from gate.wire.shape import indexless

_AROUND = 2  # frames before and after
# chosen: one screen for each side.
_LINES = 40
# One and seven lines of 70 bytes, the width of a piece (`_pieces`).
_BEFORE, _AFTER = 70, 490  # bytes of a raw body around a place


def side_by_side(finding: Finding, golden: Exchange, candidate: Exchange, width: int = 160) -> list[str]:
    """Lines of two columns, golden on the left. The frame or value that the finding names is marked with `>`."""
    # Below 30 columns a line holds too little to compare; a narrow terminal wraps instead.
    half = max(30, (width - 3) // 2)
    left, right = (_excerpt(finding, side, n) for side, n in ((golden, None), (candidate, finding.location.frame)))
    if golden.response and candidate.response and (finding.area == "transport" or left[1:] == right[1:]):
        # parsed values do not show white space, line ends, duplicate keys and how numbers are written
        left = [left[0], *_raw(finding, golden, candidate)]
        right = [right[0], *_raw(finding, candidate, golden)]
    rows = [f"{_fit(a, half)} │ {_fit(b, half).rstrip()}" for a, b in zip_longest(left, right, fillvalue="")]
    return [f"{_fit('golden', half)} │ candidate", f"{'─' * half}─┼─{'─' * half}", *rows]


def _fit(text: str, width: int) -> str:
    # chosen: more than any terminal is wide.
    safe = line(text, 4000)
    return (safe if len(safe) <= width else f"{safe[: width - 1]}…").ljust(width)


def _excerpt(finding: Finding, exchange: Exchange, frame: int | None) -> list[str]:
    observation = observe(exchange)
    head = (
        f"HTTP {observation.status} {observation.media_type}"
        if observation.status
        else f"no response: {observation.ending} {observation.detail}"
    )
    if observation.form == "stream":
        return [head, *_frames(observation, finding.path, frame)]
    if observation.body is MISSING:
        return [head, *observation.text.splitlines()[:_LINES]]
    return [head, *_value(observation.body, finding.path)]


# -- the bytes as they came ---------------------------------------------------------------------


def _body(exchange: Exchange) -> bytes:
    return content(exchange.response or Response(0))


def _raw(finding: Finding, exchange: Exchange, other: Exchange) -> list[str]:
    """The text of a body around the drift; bytes that are not UTF-8 are shown as `\\xff`."""
    body = _body(exchange)
    frame = _frame(finding, exchange)
    place = _whole(body, _place(finding, exchange, _body(other)) if frame is None else frame)
    start = _whole(body, max(0, place - _BEFORE))
    before, after = body[start:place], body[place : _whole(body, place + _AFTER)]
    lines = [f"  byte {start}", *_printed(before)] if before else []
    return [*lines, f"> byte {place} of {len(body)}", *_printed(after)]


def _quoted_key(path: str) -> str:
    """The last key of a path, as JSON has it."""
    return f'"{indexless(path).rpartition(".")[2].removesuffix("[]")}"'


def _frame(finding: Finding, exchange: Exchange) -> int | None:
    """The byte at which the finding's frame starts, the last frame where the stream has fewer; None without frames."""
    events = observe(exchange).events
    if finding.location.frame is None or not events:
        return None
    return events[min(finding.location.frame, len(events) - 1)].frame.start


def _whole(body: bytes, at: int) -> int:
    """The offset, moved to the start of its character where it is in the middle of one."""
    if at >= len(body):
        return len(body)
    # A UTF-8 character has at most four bytes; those after its first begin with the bits 10 (RFC 3629, 3).
    return next((n for n in range(at, max(-1, at - 4), -1) if body[n] & 0xC0 != 0x80), at)


def _printed(raw: bytes) -> list[str]:
    lines = raw.decode("utf-8", "backslashreplace").splitlines(keepends=True)
    return [f"    {piece}" for text in lines for piece in _pieces(text)]


def _place(finding: Finding, exchange: Exchange, other: bytes) -> int:
    """The byte offset to show: that of the finding; else the path's last key, where what follows differs between the
    bodies; else the first difference of the bodies."""
    if finding.location.byte is not None:
        return finding.location.byte
    body = _body(exchange)
    # the same offset as in the HTML page
    if observe(exchange).form == "json" and (at_path := place_of(finding.path, body)) is not None:
        return at_path
    key = _quoted_key(finding.path).encode("utf-8", "replace")
    places, other_places = ([match.start() for match in re.finditer(re.escape(key), text)] for text in (body, other))
    differing = (
        a for a, b in zip_longest(places, other_places, fillvalue=0) if body[a:][:_BEFORE] != other[b:][:_BEFORE]
    )
    if places:
        return next(differing, places[0])
    different = (n for n, (a, b) in enumerate(zip(body, other, strict=False)) if a != b)
    return next(different, 0 if body == other else min(len(body), len(other)))


# -- values and frames --------------------------------------------------------------------------


def _frames(observation: Observation, path: str, frame: int | None) -> list[str]:
    """The frames around the given one; without one, around the last that contains the path's last key."""
    key = _quoted_key(path)
    holding = [e.frame.number for e in observation.events if key in (e.frame.data or "")]
    middle = frame if frame is not None else holding[-1] if holding else len(observation.events) - 1
    lines = []
    for event in observation.events[max(0, middle - _AROUND) : middle + _AROUND + 1]:
        mark = ">" if event.frame.number == middle else " "
        text = event.frame.data if event.frame.data is not None else "".join(event.frame.comments) or "(no data)"
        lines.append(f"{mark} frame {event.frame.number}, byte {event.frame.start}")
        lines += [f"    {part}" for part in _pieces(text)]
    return lines


def _pieces(text: str, width: int = 70) -> list[str]:
    # chosen: twelve lines of one frame; a frame may be megabytes long.
    return [text[i : i + width] for i in range(0, min(len(text), 12 * width), width)] or [""]


def _value(body: Json, path: str) -> list[str]:
    """The object that has the path's value, with its key marked; the whole body where the path is absent."""
    parent, _, key = path.rpartition(".")
    holder = at(body, parent) if parent else body
    while holder is MISSING and parent:
        parent, _, key = parent.rpartition(".")
        holder = at(body, parent) if parent else body
    shown = json.dumps(holder, indent=2, ensure_ascii=False).splitlines()[:_LINES]
    mark = f'"{key.partition("[")[0]}":'
    where = [f"  {parent}"] if parent else []
    return [*where, *(f"{'>' if text.strip().startswith(mark) else ' '} {text}" for text in shown)]


def matching(exchanges: Sequence[Exchange], finding: Finding, at_line: int | None) -> Exchange | None:
    """The exchange at a line of the cassette, or the last one of the finding's step."""
    at_place = [e for e in exchanges if at_line is not None and e.location.line == at_line]
    of_step = [e for e in exchanges if e.step == finding.step and e.response is not None]
    return next(iter([*at_place, *reversed(of_step)]), None)
