"""What the passing process tells the recording one: pieces of connections, each with the time at which it was read.

A piece in the pipe is a head of 17 bytes (`_HEAD`) and its data. The pipe's end is the end of the recording, however it
came about.
"""

from __future__ import annotations

import contextlib
import enum
import os
import queue
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

MAX_WAITING = 64 * 1024 * 1024
"""Bytes that wait to be read by the recorder. What comes beyond is passed on, and not recorded."""

_HEAD = struct.Struct("<BIdI")
# The thread that writes wakes up so often, not for each piece: each time it takes the interpreter from the loop.
_PAUSE = 0.02


class Kind(enum.IntEnum):
    """What happened to a connection."""

    CONNECTING = 0
    CONNECTED = 1
    ASKED = 2  # bytes for the upstream, as they were sent
    ANSWERED = 3  # bytes of the upstream, as they were read
    CLIENT_LEFT = 4
    ENDED = 5  # the upstream closed the connection
    RESET = 6  # … or reset it
    FAILED = 7  # no connection to the upstream; the data says why
    LOST = 8  # pieces are missing from here on
    CLOSED = 9  # nothing more will come of this connection


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that happened to a connection, `at` a time of the monotonic clock in seconds."""

    kind: Kind
    connection: int
    at: float
    data: bytes = b""


def packed(piece: Piece) -> bytes:
    """A piece as it goes through the pipe."""
    return _HEAD.pack(piece.kind, piece.connection, piece.at, len(piece.data)) + piece.data


class Unpacker:
    """Pieces out of the bytes of the pipe, however they are cut."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[Piece]:
        """The pieces that are whole by now."""
        data, at = self._rest + data, 0
        while len(data) - at >= _HEAD.size:
            kind, connection, when, size = _HEAD.unpack_from(data, at)
            end = at + _HEAD.size + size
            if len(data) < end:
                break
            yield Piece(Kind(kind), connection, when, data[at + _HEAD.size : end])
            at = end
        self._rest = data[at:]


class Tape:
    """The writing end. `put` returns at once; a thread hands on what came, in bundles."""

    def __init__(self, descriptor: int, failed: Callable[[], None]) -> None:
        self._descriptor, self._failed = descriptor, failed
        self._queue: queue.SimpleQueue[Piece | None] = queue.SimpleQueue()
        self._waiting = 0
        self._lost: set[int] = set()
        self.lost = 0
        """Connections of which something is not recorded."""
        self._thread = threading.Thread(target=self._write, name="tape", daemon=True)
        self._thread.start()

    def put(self, piece: Piece) -> None:
        """Record a piece, or the fact that it was lost."""
        if piece.connection in self._lost:
            if piece.kind is Kind.CLOSED:
                self._lost.discard(piece.connection)
            return
        if self._waiting > MAX_WAITING:
            self._lost.add(piece.connection)
            self.lost += 1
            piece = Piece(Kind.LOST, piece.connection, piece.at)
        self._waiting += len(piece.data)
        self._queue.put(piece)

    def close(self) -> None:
        """Hand on the rest, and close the pipe."""
        self._queue.put(None)
        self._thread.join()

    def _write(self) -> None:
        try:
            while (bundle := self._bundle()) is not None:
                view = memoryview(b"".join(map(packed, bundle)))
                while view:
                    view = view[os.write(self._descriptor, view) :]
                self._waiting -= sum(len(piece.data) for piece in bundle)
        except OSError:  # the recorder is gone: bytes pass on all the same
            self._failed()
        finally:
            with contextlib.suppress(OSError):
                os.close(self._descriptor)

    def _bundle(self) -> list[Piece] | None:
        """What has come, at least one piece; None at the end."""
        pieces = [self._queue.get()]
        time.sleep(_PAUSE if pieces[0] is not None else 0)
        while pieces[-1] is not None:
            try:
                pieces.append(self._queue.get_nowait())
            except queue.Empty:
                break
        bundle = [piece for piece in pieces if piece is not None]
        if pieces[-1] is None:
            self._queue.put(None)  # what came before it goes first
            return bundle or None
        return bundle
