"""A lossless sans-IO tokenizer of event streams: bytes in, `Frame`s with byte offsets out.

Where a client's parser drops what it need not understand (comments, unknown fields, frames without data),
this one keeps it, because that is where routes differ. Lines and fields are read as the standard says:
https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from gate.model import Frame, Framing

MAX_BAD_UTF8 = 20
"""So many offsets of bytes that are no UTF-8 are kept; a binary body has millions."""

_BOM = b"\xef\xbb\xbf"

# The form of nearly every frame in the wild, in one match; whatever else comes takes the general path. The
# bounds keep a stream without any LF linear.
# 200 and 4,000 are chosen: event names of the API stay below 50 characters, most chunks below 1,000
# bytes. Longer lines take the general path, with the same result (tests/test_sse.py has one of 4,001).
_COMMON = re.compile(rb"(?:event: ([^\n]{0,200}+)\n)?data:( ?)([^\n]{0,4000}+)\n(\r?)\n")
# The end of a non-blank line and the blank line after it. `?+` never gives back: a CRLF must not be taken
# apart into the CR that ends a line and an LF that would be a blank one (T02). Looking back comes second, so
# that the search may skip to the next CR or LF.
_BOUNDARY = re.compile(rb"(?:\n(?<=[^\r\n]\n)|\r(?<=[^\r\n]\r)\n?+)(?:\n|\r\n?+)")
# Blank lines may come first, and dispatch nothing by the standard; `?:` takes comments, which may come first too (T10).
_STREAM_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*+(?:data|event|id|retry)?:")


# An indented data: line is T09's, one behind a byte order mark utf8-damaged's. 20 bounds the run of blanks; chosen.
_DATA = re.compile(r"[\s\ufeff]{0,20}data\s{0,20}:", re.IGNORECASE)
# an object of these APIs behind another name, or another mark than the colon: `message: {"id": …`, `data={"type": …`
# The four keys: chat chunks begin with id, object or choices, events of the Responses API with type.
_RENAMED = re.compile(r'\w{1,20}\s?[:;=]\s?\{\s?"(?:id|object|choices|type)"')


def lost(line: str) -> Literal["lost-data", "bare-json", "unknown-line"]:
    """The kind of a line that no parser takes for a field, so that all of it is lost: an event whose name has blanks, a
    byte order mark or another case (SSE compares byte for byte), JSON without a name (T19), or something else."""
    if _DATA.match(line) or _RENAMED.match(line):
        return "lost-data"
    # "<": a proxy's HTML page between the events, as lost as bare JSON is
    return "bare-json" if line.lstrip()[:1] in ("{", "[", "<") else "unknown-line"


def tokenize(body: bytes) -> tuple[tuple[Frame, ...], Framing]:
    """All frames of a whole body and how it was framed; the same as feeding it in any pieces."""
    tokenizer = Tokenizer()
    frames = tokenizer.feed(body)
    frames += tokenizer.close()
    return tuple(frames), tokenizer.framing


def looks_like_sse(body: bytes) -> bool:
    """Whether a body starts as an event stream does, whatever its label says."""
    return _STREAM_START.match(body) is not None


class Tokenizer:
    """Takes bytes in any pieces and hands out frames as their blank line arrives.

    The frames cover the stream: each starts where the one before ended. Further blank lines belong to the
    frame that follows them, so that an end is always the byte with which a client could dispatch; blank lines
    at the very end are a frame of their own that holds nothing. Time and memory are linear in any input.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()  # what belongs to no frame yet, less a BOM
        self._buffer_at = 0  # offset of its first byte in the stream
        self._scanned = 0  # no boundary starts before this index of the buffer
        self._end = 0  # where the last frame ended
        self._count = 0
        self._line_ends: set[bytes] = set()
        self._bom: bool | None = None  # None: too few bytes came to tell
        # U+FFFD in the text does not tell whether the bytes were damaged or the model wrote it (utf8-damaged)
        self._bad_utf8: list[int] = []

    @property
    def framing(self) -> Framing:
        """How the frames handed out so far were framed."""
        return Framing(frozenset(e.decode() for e in self._line_ends), bool(self._bom), tuple(self._bad_utf8))

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that these bytes complete."""
        self._buffer += data
        return self._drain(final=False)

    def close(self) -> list[Frame]:
        """What is left at the end: at most a withheld frame and one without its blank line (T04)."""
        frames = self._drain(final=True)
        end = self._buffer_at + len(self._buffer)
        if end > self._end:
            frames.append(self._parse(bytes(self._buffer), self._buffer_at, end, terminated=False))
            self._buffer.clear()
            self._buffer_at, self._scanned = end, 0
        return frames

    def _drain(self, *, final: bool) -> list[Frame]:
        self._skip_bom(final=final)
        buffer, base, frames, pos = self._buffer, self._buffer_at, list[Frame](), 0
        while True:
            # where the quick look is no plain frame, its end may not be the first one either (a CR ends a line, too)
            common = _COMMON.match(buffer, pos)
            frame = self._common(common, base + common.end()) if common else None
            end = common.end() if common and frame else self._boundary(max(pos, self._scanned), final)
            if end < 0:
                break
            frames.append(frame or self._parse(bytes(buffer[pos:end]), base + pos, base + end))
            pos = end
        del buffer[:pos]
        self._buffer_at = base + pos
        # A boundary is at most four bytes long, and three of them may be here already.
        self._scanned = max(0, len(buffer) - 3)
        return frames

    def _skip_bom(self, *, final: bool) -> None:
        if self._bom is None and (final or len(self._buffer) >= len(_BOM)):
            self._bom = self._buffer.startswith(_BOM)
            if self._bom:
                del self._buffer[: len(_BOM)]
                self._buffer_at = len(_BOM)

    def _boundary(self, start: int, final: bool) -> int:
        """Where the next blank line ends, -1 if that can't be told yet: a last CR may be half of a CRLF."""
        match = _BOUNDARY.search(self._buffer, start)
        if match is None or (not final and match.end() == len(self._buffer) and self._buffer.endswith(b"\r")):
            return -1
        return match.end()

    def _common(self, match: re.Match[bytes], end: int) -> Frame | None:
        event_line, space, data_line, cr = match.groups()
        event, event_cr, more_event = (cr if event_line is None else event_line).partition(b"\r")
        data, data_cr, more_data = data_line.partition(b"\r")
        if more_event or more_data or not event_cr == data_cr == cr:  # a lone CR, or mixed line ends
            return None
        try:
            text = data.decode()
            name = None if event_line is None else event.decode()
        except UnicodeDecodeError:
            return None
        self._line_ends.add(cr + b"\n")
        number, start = self._count, self._end
        self._count, self._end = number + 1, end
        return Frame(number, start, end, name, text, 1, None, None, (), (), True, space == b" ")

    def _parse(self, block: bytes, at: int, end: int, *, terminated: bool = True) -> Frame:
        self._note_line_ends(block)
        self._note_bad_utf8(block, at)
        fields = _Fields()
        for line in block.splitlines():
            fields.add(line)
        number, start = self._count, self._end
        self._count, self._end = number + 1, end
        return fields.frame(number, start, end, terminated=terminated or fields.blank)

    def _note_line_ends(self, block: bytes) -> None:
        pairs = block.count(b"\r\n")
        counts = {b"\r\n": pairs, b"\n": block.count(b"\n") - pairs, b"\r": block.count(b"\r") - pairs}
        self._line_ends.update(line_end for line_end, count in counts.items() if count)

    def _note_bad_utf8(self, block: bytes, at: int) -> None:
        pos = 0
        while len(self._bad_utf8) < MAX_BAD_UTF8:
            try:
                (block[pos:] if pos else block).decode()
                return
            except UnicodeDecodeError as error:
                self._bad_utf8.append(at + pos + error.start)
                pos += error.end


@dataclass(slots=True)
class _Fields:
    """The lines of one frame as they add up."""

    data: list[str] = field(default_factory=list)
    event: str | None = None
    id: str | None = None
    retry: str | None = None
    comments: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    spaced: bool = True
    blank: bool = True

    def add(self, line: bytes) -> None:
        if not line:
            return
        self.blank = False
        name, _, rest = line.partition(b":")
        # one space only (T01): a second one belongs to the value
        value = rest.removeprefix(b" ").decode(errors="replace")
        # the names as bytes: the standard compares them without case folding, so `Data:` is an unknown field
        match name:
            case b"data":
                self.spaced = self.spaced if self.data else rest.startswith(b" ")
                self.data.append(value)
            case b"event":
                self.event = value
            case b"id":
                self.id = self.id if "\0" in value else value  # the standard ignores an id with NUL
            # kept as it came, digits or not: the standard ignores what is no number, and a frame shows what was sent
            case b"retry":
                self.retry = value
            case b"":
                self.comments.append(value)
            case _:  # bare JSON (T19), NDJSON (T23), HTML, an indented field (T09)
                self.unknown.append(line.decode(errors="replace"))

    def frame(self, number: int, start: int, end: int, *, terminated: bool) -> Frame:
        return Frame(
            number,
            start,
            end,
            event=self.event,
            data="\n".join(self.data) if self.data else None,
            data_lines=len(self.data),
            id=self.id,
            retry=self.retry,
            comments=tuple(self.comments),
            unknown=tuple(self.unknown),
            terminated=terminated,
            spaced=self.spaced,
        )
