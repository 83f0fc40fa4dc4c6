"""Sends one recorded exchange as an ASGI response: raw bytes, chunk boundaries, pace and ending as recorded."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from starlette.types import Receive, Send

from gate.model import Chunk, Ending, Exchange, Headers, Response

# RFC 9110, 7.6.1: they speak of the recorded connection, and contradict the one that is used here.
_OF_THE_CONNECTION = frozenset(
    {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}
)
# A token and a field value of RFC 9110 (5.6.2, 5.5): h11 refuses to send anything else.
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
# RFC 9112, 6.3: these end with their head, whatever a Content-Length says.
_WITHOUT_BODY = frozenset({204, 304})


@dataclass(frozen=True, slots=True)
class Player:
    """Plays one exchange to one client.

    `arrived` is the loop's time at which the request came: recorded milliseconds, divided by `speed`, count from
    there (0: no waiting). `hang_up` ends the connection, with a reset if its argument is true.
    """

    exchange: Exchange
    arrived: float
    speed: float
    hang_up: Callable[[bool], None]

    async def play(self, receive: Receive, send: Send) -> None:
        """Plays until the recorded end or until the client disconnects, whichever is first."""
        gone = asyncio.create_task(_until_gone(receive))
        try:
            if self.exchange.response is not None:
                await self._respond(self.exchange.response, send, gone)
            await self._end(send, gone)
        finally:
            gone.cancel()

    async def _respond(self, response: Response, send: Send, gone: asyncio.Task[None]) -> None:
        first = self.exchange.first_byte_ms
        parts = list(_parts(response.body, self.exchange.chunks)) if response.status not in _WITHOUT_BODY else []
        await self._reach(parts[0][0] if parts and first is None else first, gone)
        await send(
            {"type": "http.response.start", "status": response.status, "headers": _headers(self.exchange, response)}
        )
        for at_ms, part in parts:
            await self._reach(at_ms, gone)
            await send({"type": "http.response.body", "body": part, "more_body": True})

    async def _end(self, send: Send, gone: asyncio.Task[None]) -> None:
        # The recorded client gave up; this one may, too, and until then nothing comes.
        if self.exchange.ending in (Ending.TIMEOUT, Ending.CANCELLED):
            await gone
        await self._reach(self.exchange.total_ms, gone)
        if self.exchange.ending is Ending.COMPLETE and self.exchange.response is not None:
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        elif not gone.done():
            self.hang_up(self.exchange.ending is Ending.RESET)
            await gone  # returning before that, the server would report an unfinished response

    async def _reach(self, at_ms: float | None, gone: asyncio.Task[None]) -> None:
        # deadlines instead of delays: one late chunk does not delay the next
        if at_ms is not None and self.speed:
            delay = self.arrived + at_ms / 1000 / self.speed - asyncio.get_running_loop().time()
            if delay > 0:
                await asyncio.wait({gone}, timeout=delay)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _parts(body: bytes, chunks: Sequence[Chunk]) -> Iterator[tuple[float | None, bytes]]:
    """(ms, bytes) for each recorded chunk of the body. Where a mutation made it longer, chunks grow in proportion."""
    total, received, start = sum(chunk.size for chunk in chunks), 0, 0
    for chunk in chunks:
        received += chunk.size
        end = min(received * max(len(body), total) // total, len(body)) if total else 0
        if end > start:
            yield chunk.at_ms, body[start:end]
        start = end
    if start < len(body):
        yield None, body[start:]


def _headers(exchange: Exchange, response: Response) -> list[tuple[bytes, bytes]]:
    """The recorded headers without those of the recorded connection. Content-Length stays as recorded where the answer
    broke off before it, and is the real length otherwise."""
    sendable: Headers = tuple(
        (name, value)
        for name, value in response.headers
        if _NAME.fullmatch(name) and _VALUE.fullmatch(value) and name.lower() not in _OF_THE_CONNECTION
    )
    lengths = [value for name, value in sendable if name.lower() == "content-length"]
    headers = [(n.encode(), v.strip().encode("latin-1")) for n, v in sendable if n.lower() != "content-length"]
    if lengths and (length := _length(lengths[0], exchange.ending, response)) is not None:
        headers.append((b"content-length", b"%d" % length))
    return headers


def _length(recorded: str, ending: Ending, response: Response) -> int | None:
    size = len(response.body)
    if response.status in _WITHOUT_BODY:
        return None
    if ending is Ending.COMPLETE:
        return size
    # Longer than the body, so that a client sees the transfer end early (T27). 16 digits: no real length, and h11 takes
    # at most 20.
    return int(recorded) if recorded.isdecimal() and len(recorded) < 16 and int(recorded) > size else None
