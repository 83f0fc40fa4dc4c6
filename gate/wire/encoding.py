"""Content-Encoding undone, within one bound: https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1."""

from __future__ import annotations

import zlib

from gate.model import Response
from gate.wire.sse import looks_like_sse

# Eight times what `limits.max_body` keeps by default. zlib packs up to 1,030 to 1, so that those 8 MiB could become
# 8 GiB: https://www.zlib.net/zlib_tech.html
MAX_DECODED = 64 * 1024 * 1024
"""Bytes that a compressed body may unpack to; what comes after them is left out, so that a bomb stays small."""

# zlib's window bits. The format "zlib" is no coding of HTTP; deflate is zlib's format, and some servers send it bare.
_WINDOWS = {"gzip": (31,), "x-gzip": (31,), "zlib": (15,), "deflate": (15, -15)}


def codings(encoding: str) -> list[str]:
    """The codings of a Content-Encoding header in the order applied, in lower case, without identity."""
    names = (name.strip().lower() for name in encoding.split(","))
    return [name for name in names if name not in ("", "identity")]


def decoded(body: bytes, encoding: str) -> tuple[bytes, bool]:
    """(the body without its Content-Encoding, whether it really was in it) (T24)."""
    if not body:
        return body, True
    for name in reversed(codings(encoding)):
        if name not in _WINDOWS:  # br, zstd: the standard library can't; readable text can't have been encoded
            # Some recorders store the body decompressed under its old label (T24): then it starts as JSON or SSE does.
            return body, not _readable(body)
        plain = inflated(body, name)
        if plain is None:
            return body, False
        body = plain
    return body, True


def unreadable(encoding: str) -> bool:
    """Whether one of the codings is beyond the standard library (br, zstd): what is inside is not known here."""
    return any(name not in _WINDOWS for name in codings(encoding))


def label(response: Response) -> str:
    """The Content-Encoding of a response, several headers joined; "" without one."""
    return ", ".join(value for name, value in response.headers if name.lower() == "content-encoding")


def content(response: Response) -> bytes:
    """The body of a response without its Content-Encoding, as every client reads it."""
    return decoded(response.body, label(response))[0]


def _readable(body: bytes) -> bool:
    return looks_like_sse(body) or body.lstrip()[:1] in (b"{", b"[")


def inflated(body: bytes, name: str) -> bytes | None:
    """The body without one coding, as far as it came and at most MAX_DECODED bytes; None where it is not in it."""
    for window in _WINDOWS.get(name, ()):
        try:
            return _members(body, window)
        except zlib.error:
            continue
    return None


def _members(body: bytes, window: int) -> bytes:
    """All members of a gzip file (https://www.rfc-editor.org/rfc/rfc1952#section-2.2). zlib.error where none is."""
    member = zlib.decompressobj(window)
    text = member.decompress(body, MAX_DECODED)
    while member.eof and member.unused_data.startswith(b"\x1f\x8b") and len(text) < MAX_DECODED:
        rest, member = member.unused_data, zlib.decompressobj(window)
        try:
            text += member.decompress(rest, MAX_DECODED - len(text))
        except zlib.error:
            break
    return text


def deflated(body: bytes, name: str) -> bytes:
    """The body in a coding that `inflated` knows; what was cut off before comes out whole."""
    packer = zlib.compressobj(wbits=31 if name.endswith("gzip") else 15)
    return packer.compress(body) + packer.flush()
