"""The bytes around the value of a finding: its path is followed in the text of a body. Pure; never raises."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from gate.model import MISSING, Event, Excerpt, Finding, Json, Observation
from gate.text.safe import cut
from gate.wire.paths import follow, steps

# chosen: with the marked value two or three lines of the page.
AROUND = 90  # bytes before and after what is marked
MARKED = 160  # characters of the marked value
TAIL = 240  # characters shown where the value is missing
# chosen: streams have hundreds of frames, and what a finding names stands near the start or the end.
ENDS = 250  # frames at either end of a stream that are searched

_DECODER = json.JSONDecoder()
# White space as JSON has it (RFC 8259, 2); `\s` would also skip a no-break space, which is an error there.
_SPACE = re.compile(r"[ \t\n\r]*")
_OPENING = re.compile(r"[{\[]")
_ALIAS = {"message": "delta", "delta": "message"}  # the same field in a plain answer and in a stream
# Paths of the request, of times and of headers; nothing in the body shows them.
_NOT_IN_BODY = ("request.", "timing.", "headers.")

Span = tuple[int, int]
"""Start and end offset in a text."""


def excerpt(finding: Finding, observation: Observation, body: bytes, *, placed: bool) -> Excerpt | None:
    """What a body shows at the finding's path; None where the finding is not about the body (a status, a time).

    `placed`: the finding's frame and byte are places in this body. A place has one offset: of a frame it is where the
    frame starts, as in the finding's own location, whatever of it is marked.
    """
    if not body or finding.path.startswith(_NOT_IN_BODY):
        return None
    path = _steps(finding.path)
    byte = finding.location.byte if placed and finding.location.frame is None else None
    if byte is not None:
        return _at_byte(finding, body, byte)
    if observation.events:
        return _in_stream(finding, path, observation, body, finding.location.frame if placed else None)
    # A body may hold anything before its JSON (T32), or no UTF-8 at all; an excerpt must not raise.
    text = body.decode("utf-8", "replace")
    opening = _OPENING.search(text)
    if observation.form != "json" or not opening:
        return _missing(finding, text[:TAIL], "how the body begins")
    if span := _span(text, opening.start(), path):
        return _around(finding, text, span)
    above = _span(text, opening.start(), path[:-1])
    return _missing(finding, text[slice(*above)], "where it would be") if above and path else None


# -- streams ------------------------------------------------------------------------------------


def _in_stream(
    finding: Finding, path: tuple[str, ...], observation: Observation, body: bytes, frame: int | None
) -> Excerpt | None:
    named = observation.events[frame : frame + 1] if frame is not None else ()
    event = _event_at(named or _searched(observation.events), path)
    if event and (span := _in_frame(path, event, body)):
        return _cut_out(finding, body, span, event)
    for event in named:
        return _cut_out(finding, body, (event.frame.start, event.frame.end), event)
    # what is missing from a stream would have come before its end
    tail = ("…" if len(body) > TAIL else "") + body[-TAIL:].decode("utf-8", "ignore").rstrip("\r\n")
    return Excerpt(finding.fingerprint, "how the stream ends", tail) if tail.strip() else None


def _event_at(events: Sequence[Event], path: tuple[str, ...]) -> Event | None:
    """The first event with a value at the path, preferably not null or empty: most chunks have a null there."""
    there = [(event, value) for event in events if (value := _value(event.doc, path)) is not MISSING]
    return next((event for event, value in there if value not in (None, "", [])), there[0][0] if there else None)


def _value(doc: Json, path: tuple[str, ...]) -> Json:
    value = follow(doc, path)
    return follow(doc, [_ALIAS.get(step, step) for step in path]) if value is MISSING else value


def _searched(events: tuple[Event, ...]) -> tuple[Event, ...]:
    return events if len(events) <= 2 * ENDS else (*events[:ENDS], *events[-ENDS:])


def _in_frame(path: tuple[str, ...], event: Event, body: bytes) -> Span | None:
    """The bytes of the path's value in the body, where this frame has it."""
    text = body[event.frame.start : event.frame.end].decode("utf-8", "replace")
    opening = _OPENING.search(text)
    span = _span(text, opening.start(), path) if opening else None
    if span is None:
        return None
    start = event.frame.start + len(text[: span[0]].encode())
    return start, start + len(text[slice(*span)].encode())


def _cut_out(finding: Finding, body: bytes, span: Span, event: Event) -> Excerpt:
    start, end = span
    while start < end and body[start : start + 1] in (b"\n", b"\r"):  # a frame includes the blank lines before it
        start += 1
    return Excerpt(
        finding.fingerprint,
        f"frame {event.frame.number}, byte {event.frame.start}",
        ("…" if start > AROUND else "") + body[max(0, start - AROUND) : start].decode("utf-8", "ignore"),
        cut(body[start:end].decode("utf-8", "replace").rstrip("\r\n"), MARKED),
        body[end : end + AROUND].decode("utf-8", "ignore").rstrip("\r\n") + ("…" if end + AROUND < len(body) else ""),
    )


# -- texts --------------------------------------------------------------------------------------


def _at_byte(finding: Finding, body: bytes, byte: int) -> Excerpt:
    """The character at a byte, which may be no UTF-8."""
    before = body[max(0, byte - AROUND) : byte].decode("utf-8", "replace")
    after = body[byte : byte + AROUND].decode("utf-8", "backslashreplace")
    return Excerpt(
        finding.fingerprint,
        f"byte {byte}",
        ("…" if byte > AROUND else "") + before,
        after[:4] if after.startswith("\\x") else after[:1],
        (after[4:] if after.startswith("\\x") else after[1:]) + ("…" if byte + AROUND < len(body) else ""),
    )


def _around(finding: Finding, text: str, span: Span) -> Excerpt:
    start, end = span
    return Excerpt(
        finding.fingerprint,
        f"byte {len(text[:start].encode('utf-8', 'replace'))}",
        ("…" if start > AROUND else "") + text[max(0, start - AROUND) : start],
        cut(text[start:end], MARKED),
        text[end : end + AROUND] + ("…" if end + AROUND < len(text) else ""),
    )


def _missing(finding: Finding, text: str, place: str) -> Excerpt | None:
    return Excerpt(finding.fingerprint, place, cut(text, TAIL)) if text.strip() else None


# -- a path in a text ---------------------------------------------------------------------------


def _steps(path: str) -> tuple[str, ...]:
    return tuple("0" if step == "[]" else step for step in steps(path) if not step.startswith("<"))


def place_of(path: str, body: bytes) -> int | None:
    """The byte at which the path's value begins, with its key, in a JSON body; None where it is absent."""
    text = body.decode("utf-8", "replace")
    opening = _OPENING.search(text)
    span = _span(text, opening.start(), _steps(path)) if opening and path else None
    return len(text[: span[0]].encode("utf-8", "replace")) if span else None


def _span(text: str, at: int, path: tuple[str, ...]) -> Span | None:
    """The span of the value at the path, with its key; `at` is where the JSON begins. None where it is absent."""
    start = at
    try:
        for step in path:
            names = (step, _ALIAS.get(step))
            _, start, at = next(member for member in _members(text, at) if member[0] in names)
        return start, _DECODER.raw_decode(text, at)[1]
    # JSON that is cut off or malformed: the excerpt is left out, the finding is still shown.
    except (StopIteration, ValueError, RecursionError, IndexError):
        return None


def _members(text: str, at: int) -> Iterator[tuple[str, int, int]]:
    """(key or index, where the member begins, where its value begins) of the object or list at this place."""
    closing = {"{": "}", "[": "]"}.get(text[at])
    at, number = _skip(text, at + 1), 0
    while closing and text[at] != closing:
        start, key = at, str(number)
        if closing == "}":
            key, at = _DECODER.raw_decode(text, at)
            at = _skip(text, _skip(text, at) + 1)
        yield key, start, at
        at = _skip(text, _DECODER.raw_decode(text, at)[1])
        at = _skip(text, at + 1) if text[at] == "," else at
        number += 1


def _skip(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at
