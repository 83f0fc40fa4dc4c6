"""Two sockets, and bytes that pass from one to the other at once: what came is noted on the tape, and not looked into.

Each connection of a client has one of its own to the upstream, so that whatever a side does to its connection
(keep-alive, half a close, a reset, being slow) is done to the other. Of a request only its host is replaced.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Protocol

from gate.proxy.head import HeadError, Requests
from gate.proxy.tape import Kind, Piece
from gate.proxy.upstream import Upstream
from gate.replay.actions import transmission
from gate.replay.service import refusal
from gate.run.capture import connect_words

LINGER = 5.0
"""Seconds that a client has to close its side after the upstream closed."""

# A close that may not linger is a reset on the wire.
_NO_LINGER = struct.pack("ii", 1, 0)
_numbers = count(1)


class Host(Protocol):
    """What the tunnels share."""

    upstream: Upstream

    def put(self, piece: Piece) -> None:
        """Something happened."""

    def joined(self, tunnel: Tunnel) -> None:
        """One more tunnel."""

    def parted(self, tunnel: Tunnel) -> None:
        """One less."""

    def turn(self, step: Callable[[], None]) -> None:
        """Does a step soon, between which others are served."""

    def refused(self, words: str) -> None:
        """Something came that can't be passed on, or nowhere."""


class Tunnel(asyncio.Protocol):
    """The client's side; it owns the other one."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.number = next(_numbers)
        self._loop = asyncio.get_running_loop()
        self._requests = Requests(host.upstream.authority)
        self._far: FarSide | None = None
        self._waiting = bytearray()  # for the upstream, until there is a connection
        self._connecting: asyncio.Task[None] | None = None
        self._failure = ""
        self._silent = False  # the client will send no more
        self._dropped = False  # we end it
        self.transport: asyncio.Transport

    # -- what asyncio calls ---------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client connected; the upstream is asked for a connection when there is something to say."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.host.joined(self)

    def data_received(self, data: bytes) -> None:
        """Bytes of the client."""
        try:
            self._send(self._requests.feed(data))
        except HeadError as error:
            self._refuse(error)
        if self._failure and not self._requests.open:
            self._unreachable()

    def eof_received(self) -> bool:
        """The client will send no more: it left, or only says so. The upstream hears the same, and decides."""
        self._silent = True
        self.note(Kind.CLIENT_LEFT)
        if self._far is not None:
            return self._far.hear_end()
        return self._connecting is not None

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """The connection is gone, whoever ended it."""
        if self._connecting is not None:
            self._connecting.cancel()
        if self._far is not None:
            if not self._far.gone and not self._dropped:
                self.note(Kind.CLIENT_LEFT)
            self._far.drop()
        self.note(Kind.CLOSED)
        self.host.parted(self)

    def pause_writing(self) -> None:
        """The client reads more slowly than the upstream writes: the upstream has to feel it."""
        if self._far is not None:
            self._far.transport.pause_reading()

    def resume_writing(self) -> None:
        """The client caught up."""
        if self._far is not None:
            self._far.transport.resume_reading()

    # -- to the upstream ------------------------------------------------------------------------

    def _send(self, data: bytes) -> None:
        if not data or self._failure:
            return
        if self._far is not None and not self._waiting:
            self._far.transport.write(data)
            self.note(Kind.ASKED, data)
            return
        self._waiting += data
        self.transport.pause_reading()
        if self._connecting is None:
            self.note(Kind.CONNECTING)
            self._connecting = self._loop.create_task(self._connect())

    async def _connect(self) -> None:
        try:
            self._far = await self.host.upstream.connect(lambda: FarSide(self))
        except (OSError, TimeoutError) as error:
            words = connect_words(error, self.host.upstream.authority)
            self._failed(words if str(error) else f"{words}: no answer in time")
            return
        self.note(Kind.CONNECTED)
        self.host.turn(self._begin)

    def _begin(self) -> None:
        """The first request goes out."""
        if self._far is None or self.transport.is_closing():
            return
        data, self._waiting = bytes(self._waiting), bytearray()
        self.transport.resume_reading()
        self._send(data)
        if self._silent and not self._far.hear_end():
            self.transport.close()

    # -- answers of our own ---------------------------------------------------------------------

    def _failed(self, words: str) -> None:
        self._failure = words
        self.note(Kind.ASKED, bytes(self._waiting))
        self.note(Kind.FAILED, words.encode())
        self.host.refused(f"502: {words}")
        self.transport.resume_reading()
        if not self._requests.open:  # a client that still sends would not read
            self._unreachable()
        else:
            self._loop.call_later(LINGER, self._unreachable)

    def _unreachable(self) -> None:
        self._answer(502, "upstream_unreachable", f"gate proxy could not reach the upstream: {self._failure}")

    def _refuse(self, error: HeadError) -> None:
        self.host.refused(f"{error.status}: {error}")
        if self._far is not None:  # what the upstream has of it is half a request
            self._far.drop()
        self._answer(error.status, "bad_request", str(error))

    def _answer(self, status: int, code: str, words: str) -> None:
        if self.transport.is_closing():
            return
        reply = replace(refusal(status, code, words), connection="close")
        self.transport.write(b"".join(write.data for write in transmission(reply).writes))
        self.transport.close()

    # -- from the upstream ----------------------------------------------------------------------

    def arrived(self, data: bytes) -> None:
        """Bytes of the upstream. They pass before anything else is done."""
        at = time.perf_counter()
        self.transport.write(data)
        self.host.put(Piece(Kind.ANSWERED, self.number, at, data))
        if self._requests.switching:
            self._send(self._requests.answered(data))

    def ended(self) -> None:
        """The upstream will send no more."""
        self.note(Kind.ENDED)
        if self.transport.can_write_eof() and not self.transport.is_closing():
            self.transport.write_eof()
            self._loop.call_later(LINGER, self.transport.close)

    def lost(self, reset: bool) -> None:
        """The upstream's connection is gone."""
        if reset:
            self.note(Kind.RESET)
            self._loop.create_task(self._reset())
        else:
            self.transport.close()

    async def _reset(self) -> None:
        # A reset throws away what the kernel has not sent.
        while self.transport.get_write_buffer_size() and not self.transport.is_closing():
            await asyncio.sleep(0.001)
        peer = self.transport.get_extra_info("socket")
        if not self.transport.is_closing():
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            self.transport.abort()

    def note(self, kind: Kind, data: bytes = b"") -> None:
        """Something happened just now."""
        self.host.put(Piece(kind, self.number, time.perf_counter(), data))

    def drop(self) -> None:
        """Ends both connections."""
        self._dropped = True
        self.transport.abort()


class FarSide(asyncio.Protocol):
    """The upstream's side of a tunnel."""

    def __init__(self, near: Tunnel) -> None:
        self._near = near
        self._ended = self.gone = False
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The upstream took the connection."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Bytes of an answer."""
        self._near.arrived(data)

    def eof_received(self) -> bool:
        """The upstream will send no more, but may still read."""
        self._ended = True
        self._near.ended()
        return self.transport.can_write_eof()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        if self.gone:
            return
        self.gone = True
        if exc is None and not self._ended:
            self._near.ended()
        self._near.lost(reset=exc is not None)

    def pause_writing(self) -> None:
        """The upstream reads more slowly than the client writes."""
        self._near.transport.pause_reading()

    def resume_writing(self) -> None:
        """The upstream caught up."""
        self._near.transport.resume_reading()

    def hear_end(self) -> bool:
        """The client will send no more; whether the upstream may still answer."""
        if self.gone or self._ended or not self.transport.can_write_eof():
            return False
        self.transport.write_eof()
        return True

    def drop(self) -> None:
        """Ends the connection."""
        self.gone = True
        self.transport.abort()
