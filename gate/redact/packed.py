"""Bodies under a Content-Encoding, unpacked for the search as any client could: every layer, member and false label.

What can't be read to its end (br, zstd, a broken or endless archive, UTF-16) may hide a text, so it is not stored:
stars take the place of its bytes. A body without any coding is left alone, sound and images among them.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from gate.wire.encoding import MAX_DECODED, deflated

_LAYERS = 6  # codings in codings
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
# RFC 1950: 32 kB window, the usual levels
_ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_TEXT = re.compile(rb"[\t\n\r -~\x80-\xff]*")
_WIDE = re.compile(rb"\xff\xfe[ -~]\0|\xfe\xff\0[ -~]|[{\[<\"]\0|\0[{\[<\"]")  # the beginning of a text in UTF-16
_WINDOWS = {"gzip": 31, "zlib": 15, "raw": -15}


@dataclass(frozen=True, slots=True)
class Packed:
    """A body's text and the codings around it, the outermost last; `readable` is False where the text is not known."""

    plain: bytes
    layers: tuple[str, ...]
    readable: bool = True

    def with_text(self, text: bytes) -> bytes:
        """Another text in the same codings."""
        return reduce(deflated, self.layers, text)


def unpacked(body: bytes, labels: Sequence[str]) -> Packed:
    """The text of a body; `labels` are the names of its Content-Encoding headers."""
    layers: list[str] = []
    plain = body
    while (name := _coding(plain, labels)) and len(layers) < _LAYERS:
        inside = _members(plain, _WINDOWS[name])
        if inside is None:
            return Packed(body, (), readable=False)
        layers.insert(0, "gzip" if name == "gzip" else "deflate")
        plain, labels = inside, labels[:-1]
    hidden = (
        bool(name)
        or plain.startswith(_ZSTD)
        or _WIDE.match(plain) is not None
        or (bool(labels) and not _is_text(plain))
    )
    return Packed(plain, tuple(layers), readable=not hidden)


def _coding(body: bytes, labels: Sequence[str]) -> str:
    """The coding that the bytes are in: by their first two, whatever the label says; bare deflate needs a label."""
    if body.startswith(_GZIP):
        return "gzip"
    if body.startswith(_ZLIB) and _starts(body, 15):
        return "zlib"
    return "raw" if labels and not _is_text(body) and _starts(body, -15) else ""


def _starts(body: bytes, window: int) -> bool:
    try:
        return bool(zlib.decompressobj(window).decompress(body, 64))
    except zlib.error:
        return False


def _members(body: bytes, window: int) -> bytes | None:
    """What all members unpack to (RFC 1952, section 2.2), as far as they came; None where they break or never end."""
    parts: list[bytes] = []
    left = MAX_DECODED
    while body.strip(b"\0"):
        member = zlib.decompressobj(window)
        try:
            parts.append(member.decompress(body, left))
        except zlib.error:
            return None
        left -= len(parts[-1])
        if member.unconsumed_tail or left <= 0:
            return None
        body = member.unused_data
    return b"".join(parts)


def _is_text(body: bytes) -> bool:
    head = body[:4096]
    if b"\0" in head or not _TEXT.fullmatch(head):
        return False
    try:
        head[:-4].decode() if len(head) == 4096 else head.decode()
    except UnicodeDecodeError:
        return False
    return True
