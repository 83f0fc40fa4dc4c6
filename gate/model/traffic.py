"""What was sent and what came back: request, response, exchange."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gate.model.transcript import Transcript
from gate.model.words import Absent, Headers


class Ending(enum.StrEnum):
    """How an exchange ended. Everything but COMPLETE means that bytes may be missing."""

    COMPLETE = "complete"
    CUT = "cut"  # closed before the announced length or the last chunk
    RESET = "reset"
    TIMEOUT = "timeout"
    TOO_LARGE = "too-large"  # beyond limits.max_body: counted and hashed, not stored
    CANCELLED = "cancelled"  # the scenario asked for it: the gate closed the connection
    UNREACHABLE = "unreachable"  # no connection: DNS, refused, TLS


@dataclass(frozen=True, slots=True)
class Request:
    """What was sent. `body` holds the exact bytes; None where the method has none."""

    method: str
    url: str
    headers: Headers = ()
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """What came back. `body` holds the bytes as they came, still in their Content-Encoding."""

    status: int
    reason: str = ""
    headers: Headers = ()
    body: bytes = b""


# A tuple, as there is one for each event of each stream.
class Chunk(NamedTuple):
    """One read of the body: milliseconds after the request was sent, and how many bytes it brought."""

    at_ms: float
    size: int


@dataclass(frozen=True, slots=True)
class Location:
    """A file and its line (from 1), a frame (from 0) and a byte offset in the body; None where not known."""

    file: str | None = None
    line: int | None = None
    frame: int | None = None
    byte: int | None = None


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect that was followed before the stored response."""

    status: int
    location: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its response in memory. Times are milliseconds on a monotonic clock from sending.

    `response` is None when the attempt got none; `chunks` is empty when no times were recorded
    (a cassette of plain vcrpy). `detail` says in words why an exchange did not end complete.
    """

    request: Request
    response: Response | None
    chunks: Sequence[Chunk] = ()
    ending: Ending = Ending.COMPLETE
    detail: str = ""
    # None on a reused connection, and where no times were recorded.
    connect_ms: float | None = None
    first_byte_ms: float | None = None
    total_ms: float | None = None
    hops: tuple[Hop, ...] = ()
    scenario: str = ""
    step: int = 0
    sample: int = 0
    attempt: int = 0
    outage: bool = False  # `check` found the route down; `diff` honours the mark
    body_size: int | None = None  # bytes that came, where fewer are stored
    body_sha256: str | None = None
    absent: tuple[Absent, ...] = ()  # what the recording that this was made of does not hold
    location: Location = Location()
    transcripts: tuple[Transcript, ...] = ()  # what an SDK made of it, one for each way of calling
    # What reached the upstream of a gateway that stands between replay server and suite; None: nobody looked.
    upstream: tuple[Exchange, ...] | None = None
    at_ms: float | None = None  # of such an exchange: when it came, after the client's request went out
