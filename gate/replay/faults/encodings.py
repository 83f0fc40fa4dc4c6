"""The same content as other bytes: compressed, or cut inside its characters."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import replace

from gate.replay.faults import Kind
from gate.replay.reply import Part, Reply

_GZIP = 31  # window bits: gzip with a header and a checksum (RFC 1952)
_PAUSE_MS = 20.0  # so that the two halves come in two reads
_LETTER = re.compile(rb'("(?:content|text|delta)"\s*:\s*"[^"\\A-Za-z]*)[A-Za-z]')
_E_ACUTE = "\N{LATIN SMALL LETTER E WITH ACUTE}".encode()


def compressed(reply: Reply) -> Reply | None:
    """The body in gzip though nobody asked for it, each chunk flushed so that it can be read when it comes (T25)."""
    if not reply.parts or reply.header("content-encoding") is not None:
        return None
    packer = zlib.compressobj(wbits=_GZIP)
    parts = [Part(p.at_ms, packer.compress(p.data) + packer.flush(zlib.Z_SYNC_FLUSH)) for p in reply.parts]
    parts[-1] = Part(parts[-1].at_ms, parts[-1].data + packer.flush())
    return replace(reply.with_header("content-encoding", "gzip"), parts=tuple(parts))


def members(reply: Reply) -> Reply | None:
    """Each chunk is a gzip member of its own, which is allowed; some readers end at the first one (RFC 1952)."""
    if not reply.parts or reply.header("content-encoding") is not None:
        return None
    parts = tuple(Part(part.at_ms, zlib.compress(part.data, wbits=_GZIP)) for part in reply.parts)
    return replace(reply.with_header("content-encoding", "gzip"), parts=parts)


def split_utf8(reply: Reply) -> Reply | None:
    """Every character of several bytes comes in two chunks. A text without any first gets an é for its first letter."""
    if not reply.parts or reply.header("content-encoding") is not None:
        return None
    if reply.body.isascii():
        reply = replace(reply, parts=tuple(Part(p.at_ms, _LETTER.sub(rb"\1" + _E_ACUTE, p.data)) for p in reply.parts))
    parts = tuple(_halves(reply.parts))
    return None if reply.body.isascii() else replace(reply, parts=parts, end_ms=max(reply.end_ms, parts[-1].at_ms))


def _halves(parts: tuple[Part, ...]) -> Iterator[Part]:
    late = 0.0
    for part in parts:
        start = 0
        for place, byte in enumerate(part.data):
            if byte >= 0xC0 and place + 1 < len(part.data):  # the first byte of several (RFC 3629, section 3)
                yield Part(part.at_ms + late, part.data[start : place + 1])
                start, late = place + 1, late + _PAUSE_MS
        yield Part(part.at_ms + late, part.data[start:])


FAULTS = (
    Kind("gzip", "the body compressed, each chunk flushed", compressed),
    Kind("gzip-members", "each chunk a gzip member of its own", members),
    Kind("split-utf8", "every character of several bytes comes in two chunks", split_utf8),
)
