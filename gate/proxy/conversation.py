"""One connection, from its pieces to exchanges. Pure: the pieces say what came and when.

Requests and answers are read by h11, which knows what recorders get wrong: interim answers, trailers, extensions of
chunks, a payload that ends like the transfer does, answers without a body (RFC 9112, 6.3; RFC 9110, 15.2).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import h11

from gate.model import Ending, Exchange, Headers, Request
from gate.proxy.tape import Kind, Piece
from gate.run.capture import Capture, Room, plain

MAX_HEAD = 256 * 1024
MAX_REQUEST = 32 * 1024 * 1024
"""Bytes of a request's body that are kept."""


@dataclass(slots=True)
class _Call:
    """One request, and its answer so far."""

    method: str
    target: str
    headers: Headers
    capture: Capture
    upgrade: list[tuple[bytes, bytes]]
    body: bytearray = field(default_factory=bytearray)
    has_body: bool = False
    skipped: bool = False  # more came than is kept
    whole: bool = False


class Conversation:
    """The pieces of one connection, in order. `origin` is the upstream's, such as `https://api.openai.com`.

    `limit` and `room` bound what is kept of bodies, as in `gate.run.capture`.
    """

    def __init__(self, origin: str, limit: int, room: Room) -> None:
        self._origin, self._limit, self._room = origin, limit, room
        self._requests = _server()
        self._answers: h11.Connection | None = None
        self._call: _Call | None = None  # the request that is coming in
        self._calls: deque[_Call] = deque()
        self._connecting = 0.0
        self._connect_ms: float | None = None
        self._client_left_at: float | None = None
        self._deaf = False  # something came that can't be read: what follows has no known place
        self.notes: list[str] = []

    def take(self, piece: Piece) -> Iterator[Exchange]:
        """The exchanges that end with this piece."""
        if self._deaf:
            return
        match piece.kind:
            case Kind.CONNECTING:
                self._connecting = piece.at
            case Kind.CONNECTED:
                self._connect_ms = round((piece.at - self._connecting) * 1000, 3)
            case Kind.ASKED:
                self._asked(piece)
            case Kind.ANSWERED:
                yield from self._answered(piece)
            case Kind.CLIENT_LEFT:
                self._client_left_at = piece.at
            case Kind.ENDED:
                yield from self._ended(piece.at)
            case Kind.RESET:
                yield from self._over(piece.at, Ending.RESET, "the connection was reset")
            case Kind.FAILED:
                yield from self._over(piece.at, Ending.UNREACHABLE, f"could not connect: {piece.data.decode()}")
            case Kind.LOST:
                self._deaf = True
                self._forget()
            case _:
                yield from self._over(piece.at, Ending.CUT, "the connection was closed")

    # -- requests -------------------------------------------------------------------------------

    def _asked(self, piece: Piece) -> None:
        try:
            self._requests.receive_data(piece.data)
            while self._request_event(self._requests.next_event(), piece.at):
                pass
        except h11.RemoteProtocolError:
            # the passing side reads requests with the same parser, so this is one that was broken off
            self._deaf = True

    def _request_event(self, event: object, at: float) -> bool:
        match event:
            case h11.Request():
                self._call = self._begun(event, at)
                self._calls.append(self._call)
            case h11.Data():
                assert self._call is not None
                self._call.has_body = True
                self._call.skipped = self._call.skipped or len(self._call.body) + len(event.data) > MAX_REQUEST
                self._call.body += b"" if self._call.skipped else event.data
            case h11.EndOfMessage():
                assert self._call is not None
                self._call.whole = not self._call.skipped
                rest, self._requests, self._call = self._requests.trailing_data[0], _server(), None
                if rest:
                    self._requests.receive_data(rest)
                return bool(rest)
            case _:
                return False
        return True

    def _begun(self, event: h11.Request, at: float) -> _Call:
        capture = Capture(self._limit, self._room)
        capture.sent = at
        # None on a reused connection
        capture.connect_ms, self._connect_ms = self._connect_ms, None
        upgrade = [(name, value) for name, value in event.headers if name in (b"upgrade", b"connection")]
        has_upgrade = any(name == b"upgrade" for name, _ in upgrade)
        method, target = event.method.decode("latin-1"), event.target.decode("latin-1")
        return _Call(method, target, _headers(event), capture, upgrade if has_upgrade else [])

    # -- answers --------------------------------------------------------------------------------

    def _answered(self, piece: Piece) -> Iterator[Exchange]:
        data = piece.data
        while data and self._calls and not self._deaf:
            call = self._calls[0]
            self._answers = self._answers or _client(call)
            try:
                self._answers.receive_data(data)
                over = self._read(call, self._answers, piece.at)
            except h11.RemoteProtocolError as error:
                yield self._unreadable(call, error, piece.at)
                return
            if over is None:
                return
            data = over
            yield self._exchange(self._finished(), piece.at, *call.capture.finished())

    def _read(self, call: _Call, parser: h11.Connection, at: float) -> bytes | None:
        """Takes what the parser has; the bytes after the answer's end, None before its end."""
        while True:
            event = parser.next_event()
            match event:
                case h11.InformationalResponse(status_code=101):
                    self.notes.append("a connection switched protocols: it is passed on, and not recorded")
                    self._deaf = True
                    self._forget()
                    return None
                case h11.InformationalResponse():
                    continue
                case h11.Response():
                    call.capture.first_byte_ms = round(call.capture.ms(at), 3)
                    call.capture.head = (event.status_code, event.reason.decode("latin-1"), _headers(event))
                case h11.Data():
                    call.capture.take(bytes(event.data), at)
                case h11.EndOfMessage():
                    return bytes(parser.trailing_data[0])
                case _:
                    return None

    def _unreadable(self, call: _Call, error: Exception, at: float) -> Exchange:
        # h11 quotes the bytes that it could not read, which may hold anything
        words = f"not valid HTTP: {plain(str(error).partition('bytearray(')[0].rstrip(': '))}"
        self._deaf = True
        self._calls.popleft()
        exchange = self._exchange(call, at, Ending.CUT, words)
        self._forget()
        return exchange

    # -- ends -----------------------------------------------------------------------------------

    def _ended(self, at: float) -> Iterator[Exchange]:
        """The upstream closed: the end of a body without length, or of something that was not finished."""
        if self._answers is not None and self._calls:
            call = self._calls[0]
            try:
                self._answers.receive_data(b"")
                whole = self._read(call, self._answers, at) is not None
            except h11.RemoteProtocolError:
                whole = False
            if whole:
                yield self._exchange(self._finished(), at, *call.capture.finished())
        yield from self._over(at, Ending.CUT, "the connection was closed")

    def _over(self, at: float, ending: Ending, words: str) -> Iterator[Exchange]:
        """Whatever is unfinished ends here; where the client left before, that is why."""
        while self._calls:
            call = self._finished()
            if self._client_left_at is not None and ending is not Ending.UNREACHABLE:
                left = call.capture.ms(self._client_left_at)
                yield self._exchange(call, at, Ending.CANCELLED, f"the client left after {max(0.0, left):.0f} ms")
            else:
                yield self._exchange(call, at, ending, words + _place(call, ending))
        self._call = None

    def _finished(self) -> _Call:
        self._answers = None
        return self._calls.popleft()

    def _forget(self) -> None:
        for call in self._calls:
            self._room.left += min(call.capture.size, self._limit)
        self._calls.clear()

    def _exchange(self, call: _Call, at: float, ending: Ending, detail: str) -> Exchange:
        capture = call.capture
        if not call.whole and ending is Ending.COMPLETE:
            why = "its request is too large to be kept" if call.skipped else "the answer came before the whole request"
            ending, detail = Ending.CUT, why
        response = capture.response()
        # the room is for what is under way; what is kept has bounds of its own
        self._room.left += len(response.body) if response else 0
        return Exchange(
            request=Request(call.method, self._url(call.target), call.headers, _body(call)),
            response=response,
            chunks=capture.chunks(),
            ending=ending,
            detail=detail,
            connect_ms=capture.connect_ms,
            first_byte_ms=capture.first_byte_ms,
            total_ms=None if ending is Ending.UNREACHABLE else round(capture.ms(at), 3),
            body_size=capture.size if capture.digest else None,
            body_sha256=capture.digest.hexdigest() if capture.digest else None,
        )

    def _url(self, target: str) -> str:
        return f"{self._origin}{target}" if target.startswith("/") else f"{self._origin}/{target}"


def _server() -> h11.Connection:
    return h11.Connection(h11.SERVER, max_incomplete_event_size=MAX_HEAD)


def _client(call: _Call) -> h11.Connection:
    """A parser for the answer to this request: whether it has a body hangs on the method."""
    parser = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD)
    parser.send(h11.Request(method=call.method, target="/", headers=[(b"host", b"h"), *call.upgrade]))
    parser.send(h11.EndOfMessage())
    return parser


def _headers(event: h11.Request | h11.Response) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in event.headers.raw_items())


def _body(call: _Call) -> bytes | None:
    return bytes(call.body) if call.has_body or call.method not in ("GET", "HEAD", "DELETE", "OPTIONS") else None


def _place(call: _Call, ending: Ending) -> str:
    if ending is Ending.UNREACHABLE:
        return ""
    return f" after {call.capture.size} bytes of the body" if call.capture.head else " before any answer"


def origin_of(base_url: str) -> str:
    """Scheme and host of a URL."""
    parts = urlsplit(base_url)
    return f"{parts.scheme}://{parts.netloc}"
