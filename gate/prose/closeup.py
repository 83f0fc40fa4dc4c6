"""The bytes around a finding, golden and candidate side by side, and the request as a curl command. Pure."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from itertools import zip_longest

from gate.bodyschema import at
from gate.model import MISSING, Exchange, Finding, Json, Observation, Request
from gate.observe import observe
from gate.prose.safetext import line
from gate.wire.shape import indexless

_AROUND = 2  # frames before and after
_LINES = 40
_SENT = frozenset({"content-type", "accept", "x-request-id"})


def side_by_side(finding: Finding, golden: Exchange, candidate: Exchange, width: int = 160) -> list[str]:
    """Two columns; the golden's on the left. The frame or value that the finding names carries a `>`."""
    half = max(30, (width - 3) // 2)
    left, right = (_excerpt(finding, side, n) for side, n in ((golden, None), (candidate, finding.location.frame)))
    rows = [f"{_fit(a, half)} │ {_fit(b, half).rstrip()}" for a, b in zip_longest(left, right, fillvalue="")]
    return [f"{_fit('golden', half)} │ candidate", f"{'─' * half}─┼─{'─' * half}", *rows]


def _fit(text: str, width: int) -> str:
    safe = line(text, 4000)
    return (safe if len(safe) <= width else f"{safe[: width - 1]}…").ljust(width)


def _excerpt(finding: Finding, exchange: Exchange, frame: int | None) -> list[str]:
    found = observe(exchange)
    head = f"HTTP {found.status} {found.media_type}" if found.status else f"no response: {found.ending} {found.detail}"
    if found.form == "stream":
        return [head, *_frames(found, finding.path, frame)]
    if found.body is MISSING:
        return [head, *found.text.splitlines()[:_LINES]]
    return [head, *_value(found.body, finding.path)]


def _frames(found: Observation, path: str, frame: int | None) -> list[str]:
    """The frames around the one that is named; without one, around the last that holds the path's last key."""
    key = f'"{indexless(path).rpartition(".")[2].removesuffix("[]")}"'
    holding = [e.frame.number for e in found.events if key in (e.frame.data or "")]
    middle = frame if frame is not None else holding[-1] if holding else len(found.events) - 1
    lines = []
    for event in found.events[max(0, middle - _AROUND) : middle + _AROUND + 1]:
        mark = ">" if event.frame.number == middle else " "
        said = event.frame.data if event.frame.data is not None else "".join(event.frame.comments) or "(no data)"
        lines.append(f"{mark} frame {event.frame.number}, byte {event.frame.start}")
        lines += [f"    {part}" for part in _pieces(said)]
    return lines


def _pieces(text: str, width: int = 70) -> list[str]:
    return [text[i : i + width] for i in range(0, min(len(text), 12 * width), width)] or [""]


def _value(body: Json, path: str) -> list[str]:
    """The object that holds the path's value, with a mark at its key; the whole body where the path is not there."""
    parent, _, key = path.rpartition(".")
    holder = at(body, parent) if parent else body
    while holder is MISSING and parent:
        parent, _, key = parent.rpartition(".")
        holder = at(body, parent) if parent else body
    shown = json.dumps(holder, indent=2, ensure_ascii=False).splitlines()[:_LINES]
    mark = f'"{key.partition("[")[0]}":'
    where = [f"  {parent}"] if parent else []
    return [*where, *(f"{'>' if text.strip().startswith(mark) else ' '} {text}" for text in shown)]


def curl(request: Request, variable: str) -> str:
    """The command that repeats a request; its key is the variable of that name, never a value."""
    parts = ["curl", "-sS", "-N", "-X", request.method, shlex.quote(request.url)]
    for name, value in request.headers:
        if name.lower() in _SENT:
            parts += ["-H", shlex.quote(f"{name}: {value}")]
        elif name.lower() in ("authorization", "api-key", "x-api-key"):
            bearer = "Bearer " if name.lower() == "authorization" else ""
            parts += ["-H", f'"{name}: {bearer}${variable}"']
    if request.body is not None:
        parts += ["--data-binary", shlex.quote(request.body.decode("utf-8", "replace"))]
    return " ".join(parts)


def matching(exchanges: Sequence[Exchange], finding: Finding, at_line: int | None) -> Exchange | None:
    """The exchange that stands at a line, or the last of the finding's step."""
    at_place = [e for e in exchanges if at_line is not None and e.location.line == at_line]
    of_step = [e for e in exchanges if e.step == finding.step and e.response is not None]
    return next(iter([*at_place, *reversed(of_step)]), None)
