"""Which format sound and images are in, by their first bytes."""

from __future__ import annotations

import base64
import binascii
import re

# https://www.iana.org/assignments/media-types has the formats, https://en.wikipedia.org/wiki/List_of_file_signatures
# their first bytes
_MAGIC: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "png"),
    (re.compile(rb"\xff\xd8\xff"), "jpeg"),
    (re.compile(rb"GIF8[79]a"), "gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "webp"),
    (re.compile(rb"RIFF....WAVE", re.DOTALL), "wav"),
    (re.compile(rb"ID3"), "mp3"),
    # ADTS has the layer bits 00, MPEG audio others: https://wiki.multimedia.cx/index.php/ADTS
    (re.compile(rb"\xff[\xf0\xf1\xf8\xf9]"), "aac"),
    (re.compile(rb"\xff[\xe2-\xe7\xf2-\xf7\xfa-\xff]"), "mp3"),
    (re.compile(rb"OggS"), "ogg"),
    (re.compile(rb"fLaC"), "flac"),
    (re.compile(rb"\x1aE\xdf\xa3"), "webm"),
    (re.compile(rb"....ftyp", re.DOTALL), "mp4"),
)
HEAD = 16  # bytes: the longest of these needs twelve
_ALPHABET = re.compile(r"[A-Za-z0-9+/]*+={0,2}")


def format_of(head: bytes) -> str:
    """The name of the format, "" where the bytes are of none that is known."""
    return next((name for pattern, name in _MAGIC if pattern.match(head)), "")


def packed_format(text: str) -> str:
    """The format of base64 text; "" where it is of none that is known, or no base64."""
    try:
        return format_of(base64.b64decode(text[:24]))
    except (binascii.Error, ValueError):
        return ""


def holds_text(text: str) -> bool:
    """Whether base64 (`is_base64`) begins with words, as a page of HTML or an error in JSON does."""
    head = base64.b64decode(text[:24])
    return bool(head) and all(0x20 <= byte < 0x7F or byte in b"\t\r\n" for byte in head)


def is_base64(text: str) -> bool:
    """Whether a text is base64 of something: https://www.rfc-editor.org/rfc/rfc4648#section-4"""
    return bool(text) and len(text) % 4 == 0 and _ALPHABET.fullmatch(text) is not None
