"""One connection: requests in by h11, answers out byte for byte as a transmission says.

h11 only reads. What is written is ours, so that malformed answers, resets and half-closed sockets can be sent.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import traceback
from dataclasses import dataclass, field, replace
from typing import Protocol

import h11

from gate.model import Chunk, Ending, Exchange, Request
from gate.replay.actions import Asker, Leave, Transmission, transmission
from gate.replay.service import UNMATCHED, Answer, Responder, no_recording, refusal

MAX_HEAD = 64 * 1024
MAX_BODY = 32 * 1024 * 1024
REQUEST_SECONDS = 30.0
"""So long may a request take from its first byte to its last."""
IDLE_SECONDS = 120.0
READER_SECONDS = 300.0
"""So long may a client not read what was sent."""

_AHEAD = 256 * 1024  # bytes of further requests that are read while an answer is played
_SLICE = 256 * 1024  # bytes that are handed to the transport at once
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
# A close that may not linger is a reset on the wire.
_NO_LINGER = struct.pack("ii", 1, 0)


class Host(Protocol):
    """What connections share: who answers, the bounds of all of them, and who is told what happened."""

    responder: Responder

    def joined(self, connection: Connection) -> None:
        """One more connection."""

    def parted(self, connection: Connection) -> None:
        """One less."""

    def hold(self, size: int) -> bool:
        """Whether so many more bytes of a request's body may be kept."""

    def release(self, size: int) -> None:
        """So many bytes of a body are kept no longer."""

    def begun(self) -> None:
        """A request is complete; `done` will follow."""

    def done(self, exchange: Exchange) -> None:
        """An exchange has ended."""

    def refused(self, words: str) -> None:
        """Something came that is no request, or could not be answered."""


@dataclass(slots=True)
class Played:
    """What of a transmission went out, with times in milliseconds since `started`, a time of the loop."""

    started: float
    chunks: list[Chunk] = field(default_factory=list)
    body: list[bytes] = field(default_factory=list)
    first_ms: float | None = None

    def wrote(self, at: float, body: bytes) -> None:
        """A write at that time of the loop: the head, or a piece of the body."""
        at_ms = (at - self.started) * 1000
        if self.first_ms is None:
            self.first_ms = at_ms
        if body:
            self.chunks.append(Chunk(at_ms, len(body)))
            self.body.append(body)


class Connection(asyncio.Protocol):
    """Reads requests one after the other and plays the answer of each."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._loop = asyncio.get_running_loop()
        self._parser = _parser()
        self._head: h11.Request | None = None
        self._body = bytearray()
        self._ahead = bytearray()
        self._task: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._left = self._full = self._continued = False
        self.transport: asyncio.Transport

    @property
    def playing(self) -> bool:
        """Whether an answer is under way."""
        return self._task is not None

    # -- what asyncio calls ---------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client connected."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._host.joined(self)
        self._expect(IDLE_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """The connection is gone, whoever ended it."""
        self._client_left()
        self._forget_body()
        self._expect(None)
        self._host.parted(self)

    def eof_received(self) -> bool:
        """The client will send no more, which counts as leaving, as with nginx: waits end, nothing more is sent."""
        self._client_left()
        return self.playing  # an answer under way decides how the connection ends

    def data_received(self, data: bytes) -> None:
        """Bytes of a request, or of the next one while an answer is played."""
        if not self.playing:
            self._read(data)
            return
        self._ahead += data
        if len(self._ahead) > _AHEAD:
            self.transport.pause_reading()

    def pause_writing(self) -> None:
        """The client reads more slowly than we write."""
        self._full = True

    def resume_writing(self) -> None:
        """The client caught up."""
        self._full = False
        self._wake()

    # -- requests -------------------------------------------------------------------------------

    def _read(self, data: bytes) -> None:
        if self._head is None and not self._parser.trailing_data[0]:
            self._expect(REQUEST_SECONDS)
        try:
            self._parser.receive_data(data)
            self._advance()
        except h11.RemoteProtocolError as error:
            self._refuse(error.error_status_hint or 400, f"not a request: {error}")

    def _advance(self) -> None:
        while not self.playing and not self.transport.is_closing():
            event = self._parser.next_event()
            match event:
                case h11.Request():
                    self._head = event
                case h11.Data():
                    self._take(bytes(event.data))
                case h11.EndOfMessage():
                    self._start()
                case _:
                    break
        if not self.playing and self._parser.they_are_waiting_for_100_continue and not self._continued:
            self._continued = True
            self.transport.write(_CONTINUE)

    def _take(self, data: bytes) -> None:
        if len(self._body) + len(data) > MAX_BODY or not self._host.hold(len(data)):
            self._refuse(413, "the body is too large")
            return
        self._body += data

    def _start(self) -> None:
        assert self._head is not None
        self._expect(None)
        head, body = self._head, bytes(self._body)
        headers = tuple((n.decode("latin-1"), v.decode("latin-1")) for n, v in head.headers.raw_items())
        request = Request(head.method.decode("latin-1"), _url(head), headers, body or None)
        http10 = head.http_version == b"1.0"
        tokens = {v.strip().lower() for n, value in head.headers if n == b"connection" for v in value.split(b",")}
        keeps = b"keep-alive" in tokens if http10 else b"close" not in tokens
        self._host.begun()
        self._task = self._loop.create_task(self._serve(request, Asker(request.method, http10, keeps)))

    def _refuse(self, status: int, words: str) -> None:
        """An answer to what is no request; the connection ends with it."""
        self._host.refused(words)
        reply = replace(refusal(status, "bad_request", words), connection="close")
        self.transport.write(b"".join(write.data for write in transmission(reply).writes))
        self.transport.close()

    def _expect(self, seconds: float | None) -> None:
        """The time that the client has for what comes next; None: it waits for us."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if seconds is None else self._loop.call_later(seconds, self._too_late)

    def _too_late(self) -> None:
        if self._head is not None or self._parser.trailing_data[0]:
            self._refuse(408, "the request did not come to its end")
        else:
            self.transport.close()

    def _forget_body(self) -> None:
        self._host.release(len(self._body))
        self._body = bytearray()

    # -- answers --------------------------------------------------------------------------------

    async def _serve(self, request: Request, asker: Asker) -> None:
        played = Played(self._loop.time())
        answer, sent = self._prepared(request, asker)
        ending = Ending.CANCELLED
        try:
            ending = await self._play(sent, played)
        finally:
            took_ms = (self._loop.time() - played.started) * 1000
            self._host.done(_exchange(request, answer, sent, played, ending, took_ms))
            self._task = None
        if ending is not Ending.COMPLETE or self._left:
            self.transport.close()
        else:
            self._next()

    def _prepared(self, request: Request, asker: Asker) -> tuple[Answer, Transmission]:
        try:
            answer = self._host.responder.respond(request) or Answer(no_recording(request), UNMATCHED)
            return answer, transmission(answer.reply, asker)
        except Exception:  # a responder's mistake ends one request, not the server
            self._host.refused(traceback.format_exc())
            answer = Answer(refusal(500, "gate_bug", "a bug of the gate, not of the request"), UNMATCHED)
            return answer, transmission(answer.reply, asker)

    async def _play(self, sent: Transmission, played: Played) -> Ending:
        for write in sent.writes:
            if not await self._reach(played.started + write.at_ms / 1000):
                return Ending.CANCELLED
            played.wrote(self._loop.time(), write.body)
            await self._write(write.data)
        if not await self._reach(played.started + sent.leave_ms / 1000):
            return Ending.CANCELLED
        return await self._leave(sent)

    async def _leave(self, sent: Transmission) -> Ending:
        match sent.leave:
            case Leave.KEEP:
                pass
            case Leave.CLOSE:
                self.transport.close()
            case Leave.RESET:
                await self._reset()
                return Ending.RESET
            case Leave.HALF_CLOSE:
                self.transport.write_eof()
                await self._gone()
            case Leave.HOLD:
                await self._gone()
                return Ending.CANCELLED
        return Ending.COMPLETE if sent.whole else Ending.CUT

    async def _write(self, data: bytes) -> None:
        """Hands the bytes to the kernel as fast as the client takes them; a client that never does is left."""
        for start in range(0, len(data), _SLICE):
            self.transport.write(data[start : start + _SLICE] if len(data) > _SLICE else data)
            deadline = self._loop.time() + READER_SECONDS
            while self._full and not self.transport.is_closing():
                if self._loop.time() >= deadline:
                    self.transport.abort()
                    return
                await self._woken(deadline)

    async def _reset(self) -> None:
        # A reset throws away what the kernel has not sent.
        while self.transport.get_write_buffer_size() and not self.transport.is_closing():
            await asyncio.sleep(0.001)
        peer = self.transport.get_extra_info("socket")
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self.transport.abort()

    def _next(self) -> None:
        """Ready for the next request, of which bytes may be here already."""
        if self.transport.is_closing():
            return
        self._forget_body()
        rest = self._parser.trailing_data[0] + bytes(self._ahead)
        self._parser, self._head, self._continued = _parser(), None, False
        self._ahead.clear()
        self.transport.resume_reading()
        self._expect(IDLE_SECONDS)
        if rest:
            self._read(rest)

    # -- waiting --------------------------------------------------------------------------------

    async def _reach(self, deadline: float) -> bool:
        """Waits until that time of the loop; False where the client leaves before. Deadlines, not delays: where one
        chunk is late, the next one need not be."""
        if self._loop.time() >= deadline:
            await asyncio.sleep(0)  # other connections are served between two chunks
        while self._loop.time() < deadline:
            if self._left:
                return False
            await self._woken(deadline)
        return not self.transport.is_closing()

    async def _gone(self) -> None:
        while not self._left:
            await self._woken(None)

    async def _woken(self, deadline: float | None) -> None:
        """Until that time of the loop, or until something happens to the connection."""
        self._waiter = self._loop.create_future()
        timer = None if deadline is None else self._loop.call_at(deadline, self._wake)
        try:
            await self._waiter
        finally:
            self._waiter = None
            if timer is not None:
                timer.cancel()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _client_left(self) -> None:
        self._left = True
        self._wake()

    def drop(self) -> None:
        """Ends the connection and whatever is played on it."""
        if self._task is not None:
            self._task.cancel()
        self.transport.abort()


def _parser() -> h11.Connection:
    return h11.Connection(h11.SERVER, max_incomplete_event_size=MAX_HEAD)


def _url(head: h11.Request) -> str:
    target = head.target.decode("latin-1")
    if target.startswith(("http://", "https://")):
        return target
    host = next((value.decode("latin-1") for name, value in head.headers if name == b"host"), "localhost")
    return f"http://{host}{target}" if target.startswith("/") else f"http://{host}/{target}"


def _exchange(
    request: Request, answer: Answer, sent: Transmission, played: Played, ending: Ending, took_ms: float
) -> Exchange:
    """What happened, as the client of another side would have recorded it."""
    response = None
    if sent.response is not None and played.first_ms is not None:
        response = replace(sent.response, body=b"".join(played.body))
    words = [f"fault {answer.fault}"] if answer.fault else []
    words += [f"unmatched {answer.unmatched.replace('; ', ', ')}"] if answer.unmatched else []
    words += [f"the client left after {took_ms:.0f} ms"] if ending is Ending.CANCELLED else []
    return Exchange(
        request,
        response,
        tuple(played.chunks),
        ending,
        "; ".join(words),
        first_byte_ms=played.first_ms,
        total_ms=took_ms,
        scenario=answer.scenario,
        step=answer.step,
        sample=answer.sample,
        attempt=answer.attempt,
        at_ms=answer.at_ms,
    )
