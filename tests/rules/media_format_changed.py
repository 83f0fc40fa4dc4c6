"""media-format-changed: sound in another format."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules_table import Row, plain

URL = "/v1/audio/speech"
MP3, TAGGED = b"\xff\xfb\x90\x64" + bytes(60), b"ID3\x04\x00" + b"\xff" * 60
WAV = b"RIFF\xf0\x01\x00\x00WAVEfmt " + b"\xfe" * 60
PCM, SILENCE = b"\x01\x80\xfe" * 30, bytes(range(128, 188))


def spoken(body: bytes, label: str = "audio/mpeg") -> Exchange:
    return plain(body, {"model": "m", "input": "Hi"}, url=URL, headers={"content-type": label})


CASES = (
    Row("veniceai/api-docs 386: WAV that is labelled as MP3", spoken(MP3), spoken(WAV), ("breaking body",)),
    Row(
        "the sound within JSON",
        spoken(MP3),
        spoken(b'{"audio": "SUQz"}', "application/json"),
        ("breaking body",),
        ("risky content-type-changed headers.content-type",),
    ),
    Row("words in place of sound", spoken(MP3), spoken(b"busy"), ("breaking body",)),
    Row("no known format", spoken(MP3), spoken(PCM), ("risky body",)),
    Row("a header before raw samples", spoken(PCM, "audio/pcm"), spoken(WAV, "audio/pcm"), ("risky body",)),
    Row("with a tag and without", spoken(MP3), spoken(TAGGED)),
    Row("raw samples", spoken(PCM, "audio/pcm"), spoken(SILENCE, "audio/pcm")),
    Row("the golden shows both", [spoken(MP3), spoken(WAV)], spoken(WAV)),
    Row("text on both sides", spoken(b"a", "text/plain"), spoken(b"b", "text/plain")),
)
