"""An answer before it becomes bytes: what is sent, in which pieces, when, and how it ends. Pure.

exchange → `Reply`, which faults change → actions on the connection (`gate.replay.actions`).
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gate.model import Chunk, Ending, Exchange, Headers, Response

WITHOUT_BODY = frozenset({204, 304})
"""Statuses that have no body, whatever the headers say (RFC 9110, sections 15.3.5 and 15.4.5)."""

_OF_THE_CONNECTION = frozenset(
    {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}
)
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")


class End(enum.StrEnum):
    """How an answer ends."""

    WHOLE = "whole"
    CUT = "cut"  # the connection is closed (FIN) without what would mark the end
    RESET = "reset"  # RST
    HALF_CLOSED = "half-closed"  # FIN in our direction alone; the client's bytes are still read
    OPEN = "open"  # nothing more comes; the connection stays until the client leaves


class Framing(enum.StrEnum):
    """What tells a client where the body ends (RFC 9112, section 6.3)."""

    LENGTH = "length"
    CHUNKED = "chunked"
    UNFRAMED = "unframed"  # the end of the connection


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the body that is written at once, `at_ms` milliseconds after the request; one chunk where chunked."""

    at_ms: float
    data: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. Times are milliseconds after the request; no part comes before the head.

    `announced` is a Content-Length that is not the body's; None: the true one. `connection` is that header's value,
    empty for none. Without `answered` no byte of an answer is sent. The last four are the bytes of the framing, which
    malformed answers change: what stands before the status line, its version, one chunk (size and data), the last one.
    `now` is the time of the request in seconds since 1970, for headers that hold a date.
    """

    status: int
    headers: Headers = ()
    parts: tuple[Part, ...] = ()
    reason: str = ""
    head_ms: float = 0.0
    end: End = End.WHOLE
    end_ms: float = 0.0
    framing: Framing = Framing.LENGTH
    announced: int | None = None
    connection: str = ""
    answered: bool = True
    preface: bytes = b""
    version: bytes = b"HTTP/1.1"
    chunk: bytes = b"%x\r\n%b\r\n"
    last: bytes = b"0\r\n\r\n"
    now: float = 0.0

    @property
    def body(self) -> bytes:
        """All parts joined."""
        return b"".join(part.data for part in self.parts)

    @property
    def media(self) -> str:
        """The media type, without its parameters."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()

    @property
    def is_stream(self) -> bool:
        """Whether it is labelled as an event stream."""
        return self.media == "text/event-stream"

    def header(self, name: str) -> str | None:
        """The first value of a header, by its name in lower case."""
        return next((value for key, value in self.headers if key.lower() == name), None)

    def with_header(self, name: str, value: str) -> Reply:
        """The header set: in the place of the first one of that name, or at the end."""
        names = [key.lower() for key, _ in self.headers]
        if name.lower() not in names:
            return replace(self, headers=(*self.headers, (name, value)))
        at = names.index(name.lower())
        return replace(self, headers=(*self.headers[:at], (self.headers[at][0], value), *self.headers[at + 1 :]))


# -- from a recording ---------------------------------------------------------------------------

_ENDS = {
    Ending.COMPLETE: End.WHOLE,
    Ending.RESET: End.RESET,
    Ending.TIMEOUT: End.OPEN,
    Ending.CANCELLED: End.OPEN,
}


def reply_of(exchange: Exchange, speed: float = 1.0) -> Reply:
    """A recorded exchange as it is sent again: headers, chunk boundaries, times and ending as recorded.

    `speed` divides the recorded times; 0 plays without waiting. Headers of the recorded connection are left out.
    """
    factor = 1 / speed if speed else 0.0
    response = exchange.response
    end = _ENDS.get(exchange.ending, End.CUT)
    end_ms = (exchange.total_ms or 0.0) * factor
    if response is None:
        return Reply(0, end=End.CUT if end is End.WHOLE else end, end_ms=end_ms, answered=False)
    parts = () if response.status in WITHOUT_BODY else tuple(_parts(response.body, exchange.chunks, factor))
    first_ms = parts[0].at_ms if parts else end_ms
    head_ms = first_ms if exchange.first_byte_ms is None else min(exchange.first_byte_ms * factor, first_ms)
    length = next((value for name, value in response.headers if name.lower() == "content-length"), None)
    return Reply(
        status=response.status,
        reason=response.reason,
        headers=_headers(response.headers),
        parts=parts,
        head_ms=head_ms,
        end=end,
        end_ms=max(end_ms, parts[-1].at_ms if parts else head_ms),
        framing=Framing.CHUNKED if length is None or _endless(length, end, response) else Framing.LENGTH,
        announced=_announced(length, end, response),
    )


def _parts(body: bytes, chunks: Sequence[Chunk], factor: float) -> Iterator[Part]:
    """The body in its recorded chunks. Where a mutation made it longer, so do the chunks."""
    total, received, start, at_ms = sum(chunk.size for chunk in chunks), 0, 0, 0.0
    for chunk in chunks:
        received += chunk.size
        end = min(received * max(len(body), total) // total, len(body)) if total else 0
        at_ms = max(at_ms, chunk.at_ms * factor)
        if end > start:
            yield Part(at_ms, body[start:end])
        start = max(start, end)
    if start < len(body):
        yield Part(at_ms, body[start:])


def _headers(headers: Headers) -> Headers:
    """The headers that belong to the answer, those that can be sent."""
    return tuple(
        (name, value.strip())
        for name, value in headers
        if _NAME.fullmatch(name) and _VALUE.fullmatch(value) and name.lower() not in _OF_THE_CONNECTION
    )


def _announced(length: str | None, end: End, response: Response) -> int | None:
    """The recorded length where the answer broke off before it."""
    if length is None or end is End.WHOLE or not length.isdecimal() or len(length) > 15:
        return None
    return int(length) if int(length) > len(response.body) else None


def _endless(length: str, end: End, response: Response) -> bool:
    """Broken off, and the recorded length does not show it."""
    return end is not End.WHOLE and _announced(length, end, response) is None
