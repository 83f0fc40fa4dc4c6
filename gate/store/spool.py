"""Large bodies on the disk while a run or a folder is judged: a file without a name, that nobody else can open.

What is kept looks like any other exchange: its body and its chunks are read when somebody asks for them. Everything on
a disk may become public, so what is given to `keep` must be scrubbed, or come from a cassette.
"""

from __future__ import annotations

import contextlib
import ctypes
import sys
import tempfile
import weakref
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import overload

from gate.model import Chunk, Exchange, Headers, Response
from gate.store.files import write_errors

# chosen: the standard suite and its goldens never need the disk, and all that is above needs no more memory than this.
ROOM = 16 * 1024 * 1024
"""Bytes of bodies and chunks that stay in memory."""

_SMALL = 512  # bytes; below, what remembers the place would take as much
_CHUNK = 96  # bytes of a `Chunk` with its two numbers


class Spool:
    """Exchanges of one run or folder: in memory as long as `room` lasts, then on the disk until the last is dropped."""

    def __init__(self, room: int = ROOM) -> None:
        self.room = room
        self._file: _File | None = None

    def keep(self, exchange: Exchange) -> Exchange:
        """The exchange, perhaps with its body on the disk. Raises CassetteError where the disk is full."""
        response = exchange.response
        if response is None or is_kept(exchange):
            return exchange
        size = len(response.body) + _CHUNK * len(exchange.chunks)
        if size < _SMALL or size <= self.room:
            self.room -= size
            return exchange
        stored = _Stored(response.status, response.reason, response.headers, self._put(response.body))
        return replace(exchange, response=stored, chunks=self._chunks(exchange.chunks))

    def _chunks(self, chunks: Sequence[Chunk]) -> _Chunks:
        times = array("d", (chunk.at_ms for chunk in chunks))
        sizes = array("q", (chunk.size for chunk in chunks))
        return _Chunks(self._put(times.tobytes()), self._put(sizes.tobytes()), len(chunks))

    def _put(self, raw: bytes) -> _Place:
        with write_errors(Path(tempfile.gettempdir())):
            self._file = self._file or _File()
            return self._file.append(raw)


class _File:
    """A file without a name, in the folder of the system for such."""

    def __init__(self) -> None:
        self._stream = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 (it lives as long as its exchanges)
        weakref.finalize(self, self._stream.close)
        self._end = 0
        _give_back()

    def append(self, raw: bytes) -> _Place:
        self._stream.seek(self._end)
        rest = memoryview(raw)
        while rest:  # one write takes 2 GB at most, and less where the disk is nearly full
            rest = rest[self._stream.write(rest) :]
        place = _Place(self, self._end, len(raw))
        self._end += len(raw)
        return place

    def read(self, start: int, size: int) -> bytes:
        self._stream.seek(start)
        return self._stream.read(size)


def _give_back() -> None:
    """Freed blocks of a megabyte and more go back to the system at once."""
    # glibc raises this bound to the size of a freed body, and then keeps such blocks between small ones: 200 MB of
    # holes after 500 MB of bodies. https://man7.org/linux/man-pages/man3/mallopt.3.html (M_MMAP_THRESHOLD)
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError):  # another C library
            ctypes.CDLL(None).mallopt(-3, 1024 * 1024)


def is_kept(exchange: Exchange) -> bool:
    """Whether its body is on the disk; it was scrubbed before."""
    return isinstance(exchange.response, _Stored)


@dataclass(frozen=True, slots=True)
class _Place:
    """Bytes of the file, which is closed, and gone, with its last place."""

    file: _File
    start: int
    size: int

    def read(self) -> bytes:
        return self.file.read(self.start, self.size)


class _Stored(Response):
    """A response whose body is read at each access; one that `replace` makes of it has the body in memory."""

    __slots__ = ("_held",)
    _held: bytes | _Place

    def __init__(self, status: int, reason: str, headers: Headers, body: bytes | _Place) -> None:
        for name, value in (("status", status), ("reason", reason), ("headers", headers), ("_held", body)):
            object.__setattr__(self, name, value)

    @property
    def body(self) -> bytes:
        return self._held.read() if isinstance(self._held, _Place) else self._held


@dataclass(frozen=True, slots=True)
class _Chunks(Sequence[Chunk]):
    """Chunks whose times and sizes are on the disk; each pass over them reads both."""

    times: _Place
    sizes: _Place
    length: int

    def __len__(self) -> int:
        return self.length

    def __iter__(self) -> Iterator[Chunk]:
        return map(Chunk, array("d", self.times.read()), array("q", self.sizes.read()))

    @overload
    def __getitem__(self, index: int) -> Chunk: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Chunk]: ...
    def __getitem__(self, index: int | slice) -> Chunk | Sequence[Chunk]:
        return tuple(self)[index]
