"""What goes on to the upstream: every byte of the client, but for the host that each request names. Pure.

The requests of a connection follow each other without a mark between them: where one ends, only its framing says (RFC
9112, 6). h11 follows it beside the bytes, which pass as they are.
"""

from __future__ import annotations

import re

import h11

MAX_HEAD = 64 * 1024
_END_OF_HEAD = re.compile(rb"\n\r?\n")
_HOST = re.compile(rb"(?im)^(host[ \t]*:[ \t]*)([^\r\n]*?)([ \t]*\r?)$")
# The absolute form, which a client sends that takes us for a proxy (RFC 9112, 3.2.2).
_ABSOLUTE = re.compile(rb"^([^ \r\n]+) +https?://[^/ \r\n]*(/[^ \r\n]*)?", re.IGNORECASE)


class HeadError(Exception):
    """What came is no request that can be passed on. `status` is what the client should get."""

    def __init__(self, status: int, words: str) -> None:
        self.status = status
        super().__init__(words)


class Requests:
    """The requests of one connection. `host` is what the upstream is called, with a port where it is not the usual."""

    def __init__(self, host: str) -> None:
        self._host = host.encode("idna" if not host.isascii() else "ascii")
        self._parser: h11.Connection | None = None  # while a body is coming
        self._head = b""
        self.begun = self.ended = 0
        self.opaque = False
        """Whether the connection speaks something else by now: the upstream agreed to switch protocols."""
        self.switching = False
        """Whether the last request asked for that, and nobody answered yet."""

    @property
    def open(self) -> bool:
        """Whether a request has begun and not ended."""
        return self._parser is not None or bool(self._head)

    def feed(self, data: bytes) -> bytes:
        """What of these bytes, and of those kept back before, can go to the upstream now. Raises HeadError."""
        out = bytearray()
        while data:
            if self.opaque:
                return bytes(out) + data
            if self.switching:
                self._head += data  # nothing goes on before the answer says in which protocol
                break
            passed, data = self._body(data) if self._parser else self._take_head(data)
            out += passed
        if len(self._head) > MAX_HEAD:
            raise HeadError(431, "the head of the request is too large")
        return bytes(out)

    def answered(self, data: bytes) -> bytes:
        """The upstream answered a request to switch protocols; returns what was kept back for it."""
        self.opaque, self.switching = bool(re.match(rb"HTTP/1\.\d 101\b", data)), False
        kept, self._head = self._head, b""
        return self.feed(kept)

    def _take_head(self, data: bytes) -> tuple[bytes, bytes]:
        """(what goes on, what is left to look at)."""
        data = self._head + data
        if not self._head:
            data = data.lstrip(b"\r\n")  # RFC 9112, 2.2: empty lines before a request mean nothing
        end = _END_OF_HEAD.search(data)
        self._head = b"" if end else data
        if not end:
            return b"", b""
        head = data[: end.end()]
        request = self._parsed(head)
        self.begun += 1
        self.switching = any(name == b"upgrade" for name, _ in request.headers)
        return self._addressed(head), self._rest(b"", data[end.end() :])[1]

    def _parsed(self, head: bytes) -> h11.Request:
        self._parser = h11.Connection(h11.SERVER, max_incomplete_event_size=MAX_HEAD)
        try:
            self._parser.receive_data(head)
            request = self._parser.next_event()
        except h11.RemoteProtocolError as error:
            raise HeadError(error.error_status_hint or 400, f"not a request: {error}") from error
        if not isinstance(request, h11.Request) or request.method == b"CONNECT":
            raise HeadError(400, "not a request that can be passed on")
        return request

    def _body(self, data: bytes) -> tuple[bytes, bytes]:
        assert self._parser is not None
        self._parser.receive_data(data)
        return self._rest(data, b"")

    def _rest(self, data: bytes, further: bytes) -> tuple[bytes, bytes]:
        """Where the request ends inside of `data`, which the parser has; `further` it does not have yet."""
        assert self._parser is not None
        try:
            while isinstance(event := self._parser.next_event(), h11.Data):
                pass
        except h11.RemoteProtocolError as error:
            raise HeadError(error.error_status_hint or 400, f"not the body of a request: {error}") from error
        if not isinstance(event, h11.EndOfMessage):
            return data, further
        over = self._parser.trailing_data[0]
        self._parser = None
        self.ended += 1
        return data[: len(data) - len(over)], bytes(over) + further

    def _addressed(self, head: bytes) -> bytes:
        first, _, fields = head.partition(b"\n")
        first = _ABSOLUTE.sub(lambda m: m[1] + b" " + (m[2] or b"/"), first)
        fields, found = _HOST.subn(lambda m: m[1] + self._host + m[3], fields)
        if not found:  # HTTP/1.0
            fields = b"Host: " + self._host + b"\r\n" + fields
        return first + b"\n" + fields
