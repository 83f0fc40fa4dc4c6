"""Answers that break HTTP, and rare forms of it that are right and that few clients have met."""

from __future__ import annotations

from dataclasses import replace

from gate.replay.faults import Kind
from gate.replay.reply import End, Framing, Reply

_GARBAGE = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 this is no HTTP\r\n\r\n"
_HINTS = b"HTTP/1.1 103 Early Hints\r\nlink: </style.css>; rel=preload\r\n\r\n"


def garbage(reply: Reply) -> Reply:
    """Bytes that are no HTTP, then FIN: TLS on a plain port."""
    return replace(reply, answered=False, preface=_GARBAGE, end=End.CUT, end_ms=0.0)


def bad_status_line(reply: Reply) -> Reply:
    """A version that does not exist."""
    return replace(reply, version=b"HTTP/x.y", connection="close")


def bad_header(reply: Reply) -> Reply:
    """A space before the colon, which must be refused (RFC 9112, section 5.1)."""
    return replace(reply, headers=(*reply.headers, ("x-gate ", "bad")), connection="close")


def bad_chunk_size(reply: Reply) -> Reply | None:
    """The size of a chunk is no hexadecimal number."""
    return replace(reply, chunk=b"x%x\r\n%b\r\n", connection="close") if reply.framing is Framing.CHUNKED else None


def length_too_long(reply: Reply) -> Reply | None:
    """Content-Length announces ten bytes more than come before FIN."""
    if not reply.parts:
        return None
    return replace(reply, framing=Framing.LENGTH, announced=len(reply.body) + 10, end=End.CUT)


def length_too_short(reply: Reply) -> Reply | None:
    """Content-Length announces ten bytes less than come, so that they stand where the next answer is read."""
    if len(reply.body) < 10:
        return None
    return replace(reply, framing=Framing.LENGTH, announced=len(reply.body) - 10)


def interim(reply: Reply) -> Reply:
    """103 Early Hints before the answer (RFC 8297): right, and rare."""
    return replace(reply, preface=_HINTS)


def chunk_extensions(reply: Reply) -> Reply | None:
    """An extension after the size of each chunk (RFC 9112, section 7.1.1): right, and rare."""
    return replace(reply, chunk=b"%x;gate=1\r\n%b\r\n") if reply.framing is Framing.CHUNKED else None


def trailers(reply: Reply) -> Reply | None:
    """A header field after the body (RFC 9112, section 7.1.2): right, and rare."""
    return replace(reply, last=b"0\r\nx-gate-trailer: 1\r\n\r\n") if reply.framing is Framing.CHUNKED else None


FAULTS = (
    Kind("garbage", "bytes that are no HTTP, then the connection is closed", garbage),
    Kind("bad-status-line", "the version of the status line does not exist", bad_status_line),
    Kind("bad-header", "a header name with a space at its end", bad_header),
    Kind("bad-chunk-size", "sizes of chunks that are no numbers", bad_chunk_size),
    Kind("length-too-long", "Content-Length is ten bytes more than come", length_too_long),
    Kind("length-too-short", "Content-Length is ten bytes less than come", length_too_short),
    Kind("interim-103", "103 Early Hints before the answer (right, and rare)", interim),
    Kind("chunk-extensions", "an extension after the size of each chunk (right, and rare)", chunk_extensions),
    Kind("trailers", "a header field after the last chunk (right, and rare)", trailers),
)
