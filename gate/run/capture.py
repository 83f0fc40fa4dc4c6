"""The answer of one exchange while it arrives: head, timed chunks, bounded body; and failures in words."""

from __future__ import annotations

import hashlib
import os
import socket
import ssl
import time
from typing import Any

import httpx

from gate.model import Chunk, Ending, Headers, Hop, Response
from gate.text.safe import line

# one-byte chunks would take a hundred times their size: further ones are added to the last
MAX_CHUNKS = 100_000


class Room:
    """Bytes that the bodies of a run may still take in memory, all requests in flight together."""

    def __init__(self, left: int) -> None:
        self.left = left


class Capture:
    """What was received in one exchange. `limit` bounds the stored bytes, `room` those of the run; where more came,
    all are hashed."""

    def __init__(self, limit: int, room: Room | None = None) -> None:
        self.limit = limit
        self.room = room or Room(limit)
        self.sent: float | None = None
        self.connect_ms: float | None = None
        self.first_byte_ms: float | None = None
        self.total_ms: float | None = None
        self.hops: list[Hop] = []
        self.head: tuple[int, str, Headers] | None = None
        self.peer = ""
        self.size = 0
        # Only made once the limit is passed: hashing every body would cost time on the path that is timed.
        self.digest: hashlib._Hash | None = None
        self._body = bytearray()
        self._times: list[tuple[float, int]] = []

    def ms(self, now: float) -> float:
        """Milliseconds since the request went out."""
        return (now - self.sent) * 1000 if self.sent is not None else 0.0

    def start(self, response: httpx.Response, headers: Headers) -> None:
        """The head: status, reason and `headers` as they came, before the first byte of the body."""
        self.head = (response.status_code, response.reason_phrase, headers)

    def take(self, data: bytes, now: float) -> None:
        """A piece of the body that was read at `now`, a time of `time.perf_counter`; the hot path."""
        self.size += len(data)
        free = min(self.limit - len(self._body), self.room.left)
        if len(data) > free or self.digest:
            data = self._beyond(data, free)
        if data:
            self._body += data
            self.room.left -= len(data)
            at = self.ms(now)
            if len(self._times) >= MAX_CHUNKS:
                data_size = self._times.pop()[1] + len(data)
                self._times.append((at, data_size))
            else:
                self._times.append((at, len(data)))

    def _beyond(self, data: bytes, free: int) -> bytes:
        if self.digest is None:
            self.digest = hashlib.sha256(self._body)
        self.digest.update(data)
        return data[:free]

    @property
    def reads(self) -> int:
        """How many reads of the body brought bytes; beyond MAX_CHUNKS they are no longer counted."""
        return len(self._times)

    def response(self) -> Response | None:
        """What came, the body within `limit`; None before the head. To be asked for once, at the end."""
        # httpx's request, its response and the trace function that has us refer to each other: until Python looks for
        # such circles, which it does after many small objects, we live on, and our bytes must not.
        body, self._body = self._body, bytearray()
        return Response(*self.head, bytes(body)) if self.head else None

    def chunks(self) -> tuple[Chunk, ...]:
        """Times in ms since the request went out, to the microsecond, and sizes in bytes that add up to the body."""
        # Microseconds, as the cassette stores them; so a check judges the same times as a later `gate diff`.
        return tuple(Chunk(round(at, 3), size) for at, size in self._times)

    def finished(self) -> tuple[Ending, str]:
        """(ending, detail) of a body that was read to its end."""
        if self.digest is None:
            return Ending.COMPLETE, ""
        bound = "max_body" if len(self._body) == self.limit else "max_run"
        return Ending.TOO_LARGE, f"{self.size} bytes came, {len(self._body)} are stored (limits.{bound})"

    def failed(self, error: Exception) -> tuple[Ending, str]:
        """(ending, detail) for an error of httpx or of the operating system."""
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.ProxyError | httpx.UnsupportedProtocol):
            return Ending.UNREACHABLE, f"could not connect: {connect_words(error, self.peer)}"
        # an orderly close leaves an incomplete HTTP message; a reset is an error of the socket
        # T27: httpx raises this where the last chunk or the announced length never came.
        if isinstance(error, httpx.RemoteProtocolError):
            return Ending.CUT, self._cut_words(str(error))
        if self.sent is None:  # between connecting and sending, such as a broken handshake
            return Ending.UNREACHABLE, f"could not connect: {connect_words(error, self.peer)}"
        return Ending.RESET, f"the connection was reset {self._place()}"

    def _cut_words(self, error: str) -> str:
        if "peer closed connection" in error:
            return f"the connection was closed {self._place()}, before the announced end"
        if "disconnected without" in error:
            return f"the connection was closed {self._place()}"
        # Bytes came, though no HTTP: `retries.pause` must not take this for no answer at all.
        self.first_byte_ms = self.first_byte_ms or self.ms(time.perf_counter())
        # h11 quotes the bytes that it could not read, which may hold anything
        return f"not valid HTTP {self._place()}: {plain(error.partition('bytearray(')[0].rstrip(': '))}"

    def _place(self) -> str:
        if self.head:
            return f"after {self.size} bytes of the body"
        # A server may close an idle connection just when the next request goes out; the reader should know.
        reused = " (a reused connection)" if self.connect_ms is None else ""
        return f"before any answer{reused}"


def plain(text: str) -> str:
    """Words of a library, which may quote the remote: one printable line of bounded length."""
    # chosen: one line of a report; libraries repeat whole header lines of the remote in their messages.
    return line(text, 160)


def connect_words(error: BaseException, peer: str) -> str:
    """Why there is no connection, in words that quote nobody."""
    at = f" ({peer})" if peer else ""
    for cause in _causes(error):
        match cause:
            case socket.gaierror():
                return f"the host name does not resolve{at}"
            case ConnectionRefusedError():
                return f"connection refused{at}"
            case ssl.SSLCertVerificationError():
                return f"the TLS certificate is not accepted: {plain(getattr(cause, 'verify_message', str(cause)))}{at}"
            case ssl.SSLError():
                return f"TLS failed: {plain(getattr(cause, 'reason', None) or str(cause))}{at}"
            case OSError(errno=int(number)):
                return f"{os.strerror(number).lower()}{at}"
    return f"{plain(str(error)) or 'the connection ended during its set-up'}{at}"


def _causes(error: BaseException) -> list[BaseException]:
    """The error and its causes, deepest first: libraries wrap the operating system's error in their own."""
    causes: list[BaseException] = []
    queue: list[Any] = [error]
    # Exceptions may refer to each other in a circle; real chains have fewer than ten links.
    while queue and len(causes) < 50:
        cause = queue.pop(0)
        if cause is not None and cause not in causes:
            causes.append(cause)
            queue += [cause.__cause__, cause.__context__, *getattr(cause, "exceptions", ())]
    return causes[::-1]
