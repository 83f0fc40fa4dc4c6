"""A reply as what is done to the connection: bytes to write, each with its time, and how to leave it. Pure."""

from __future__ import annotations

import enum
import http
from dataclasses import dataclass

from gate.model import Headers, Response
from gate.replay.reply import WITHOUT_BODY, End, Framing, Reply


class Leave(enum.StrEnum):
    """What happens to the connection after the answer."""

    KEEP = "keep"  # the next request may come
    CLOSE = "close"
    RESET = "reset"
    HALF_CLOSE = "half-close"
    HOLD = "hold"  # nothing, until the client leaves


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes for the socket, `at_ms` milliseconds after the request; `body` is how many bytes of the body they bring."""

    at_ms: float
    data: bytes
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Transmission:
    """All that is done for one answer. `response` is what the client gets, without the body; None: no answer."""

    writes: tuple[Write, ...]
    leave: Leave
    leave_ms: float
    response: Response | None
    whole: bool


@dataclass(frozen=True, slots=True)
class Asker:
    """What of a request decides how its answer is framed. `keeps`: the client would send more on this connection."""

    method: str = "POST"
    http10: bool = False
    keeps: bool = True


_LEAVES = {End.CUT: Leave.CLOSE, End.RESET: Leave.RESET, End.HALF_CLOSED: Leave.HALF_CLOSE, End.OPEN: Leave.HOLD}


def transmission(reply: Reply, asker: Asker = Asker()) -> Transmission:
    """The actions that send this reply to such a client."""
    preface = (Write(0.0, reply.preface),) if reply.preface else ()
    whole = reply.end is End.WHOLE
    if not reply.answered:
        return Transmission(preface, _LEAVES.get(reply.end, Leave.CLOSE), reply.end_ms, None, whole=False)
    framing = Framing.UNFRAMED if asker.http10 and reply.framing is Framing.CHUNKED else reply.framing
    closes = framing is Framing.UNFRAMED or not asker.keeps or reply.connection == "close"
    headers = _headers(reply, framing, "close" if closes else reply.connection)
    reason = reply.reason or _phrase(reply.status)
    writes = [*preface, Write(reply.head_ms, _head(reply, reason, headers))]
    if asker.method != "HEAD" and reply.status not in WITHOUT_BODY and reply.status >= 200:
        writes += _body(reply, framing)
        if whole and framing is Framing.CHUNKED:
            writes.append(Write(max(reply.end_ms, writes[-1].at_ms), reply.last))
    leave = _LEAVES.get(reply.end) or (Leave.CLOSE if closes else Leave.KEEP)
    return Transmission(tuple(writes), leave, reply.end_ms, Response(reply.status, reason, headers), whole)


def _body(reply: Reply, framing: Framing) -> list[Write]:
    if framing is Framing.CHUNKED:
        return [Write(p.at_ms, reply.chunk % (len(p.data), p.data), p.data) for p in reply.parts if p.data]
    return [Write(part.at_ms, part.data, part.data) for part in reply.parts if part.data]


def _headers(reply: Reply, framing: Framing, connection: str) -> Headers:
    """The headers as sent: those of the framing in their recorded place, or at the end; Connection last."""
    size = reply.announced if reply.announced is not None else sum(len(part.data) for part in reply.parts)
    has_length = framing is Framing.LENGTH and reply.status not in WITHOUT_BODY
    headers = [(n, str(size) if n.lower() == "content-length" else v) for n, v in reply.headers]
    if not has_length:
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
    elif reply.header("content-length") is None:
        headers.append(("content-length", str(size)))
    if framing is Framing.CHUNKED and reply.status not in WITHOUT_BODY:
        headers.append(("transfer-encoding", "chunked"))
    if connection:
        headers.append(("connection", connection))
    return tuple(headers)


def _head(reply: Reply, reason: str, headers: Headers) -> bytes:
    line = b"%b %d %b\r\n" % (reply.version, reply.status, reason.encode("latin-1", "replace"))
    fields = b"".join(b"%b: %b\r\n" % (n.encode("latin-1"), v.encode("latin-1")) for n, v in headers)
    return b"%b%b\r\n" % (line, fields)


def _phrase(status: int) -> str:
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return ""
