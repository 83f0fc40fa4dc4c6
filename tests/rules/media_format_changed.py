"""media-format-changed: sound in another format."""

from __future__ import annotations

import base64

from gate.model import Exchange
from tests.rules_table import Row, plain, stream

URL = "/v1/audio/speech"
MP3, TAGGED = b"\xff\xfb\x90\x64" + bytes(60), b"ID3\x04\x00" + b"\xff" * 60
WAV = b"RIFF\xf0\x01\x00\x00WAVEfmt " + b"\xfe" * 60
PCM, SILENCE = b"\x01\x80\xfe" * 30, bytes(range(128, 188))


def spoken(body: bytes, label: str = "audio/mpeg") -> Exchange:
    return plain(body, {"model": "m", "input": "Hi"}, url=URL, headers={"content-type": label})


def raw(body: bytes) -> Exchange:
    ask = {"model": "m", "input": "Hi", "response_format": "pcm"}
    return plain(body, ask, url=URL, headers={"content-type": "audio/pcm"})


def heard(text: bytes) -> Exchange:
    """A transcript as text."""
    ask = {"model": "m", "response_format": "text"}
    return plain(text, ask, url="/v1/audio/transcriptions", headers={"content-type": "text/plain"})


def drawn(image: bytes, label: str | None = None) -> Exchange:
    body = {"created": 1, "data": [{"b64_json": base64.b64encode(image).decode()}], "output_format": label}
    return plain(body, {"model": "i", "prompt": "p"}, url="/v1/images/generations")


def drawing(image: bytes, label: str | None = None) -> Exchange:
    done = {"type": "image_generation.completed", "b64_json": base64.b64encode(image).decode(), "output_format": label}
    return stream(done, request={"model": "i", "prompt": "p"}, url="/v1/images/generations", done=False)


def speaking(*parts: bytes) -> Exchange:
    events = ({"type": "speech.audio.delta", "audio": base64.b64encode(part).decode()} for part in parts)
    return stream(*events, {"type": "speech.audio.done"}, request={"model": "t"}, url=URL, done=False)


PNG, WEBP = b"\x89PNG\r\n\x1a\n" + bytes(16), b"RIFF\x24\0\0\0WEBPVP8 " + bytes(16)


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
    Row("a header before raw samples that were asked for", raw(PCM), raw(WAV), ("risky body",)),
    Row("MP3 in place of raw samples", raw(PCM), raw(MP3), ("breaking body",)),
    Row("raw samples were asked for", raw(PCM), raw(SILENCE)),
    Row("with a tag and without", spoken(MP3), spoken(TAGGED)),
    Row("raw samples", spoken(PCM, "audio/pcm"), spoken(SILENCE, "audio/pcm")),
    Row("the golden shows both", [spoken(MP3), spoken(WAV)], spoken(WAV)),
    Row("a transcript in Latin-1, and now in UTF-8", heard("é".encode("latin-1")), heard("é".encode())),
    Row("text on both sides", spoken(b"a", "text/plain"), spoken(b"b", "text/plain")),
    Row("JSON in place of raw samples", spoken(PCM, "audio/pcm"), spoken(b"busy", "audio/pcm"), ("breaking body",)),
    Row("quiet samples are valid UTF-8", spoken(PCM, "audio/pcm"), spoken(bytes(40), "audio/pcm")),
    Row(
        "the bytes were decoded as text",
        spoken(WAV),
        spoken(WAV.decode("utf-8", "replace").encode()),
        ("breaking body",),
    ),
    Row("WebM", spoken(MP3), spoken(b"\x1aE\xdf\xa3" + b"\xfe" * 40), ("breaking body",)),
    Row("MPEG-4", spoken(MP3), spoken(b"\0\0\0\x20ftypM4A " + b"\xfe" * 40), ("breaking body",)),
    Row("T42: an image within JSON", drawn(PNG), drawn(WEBP), ("breaking data[0].b64_json",)),
    Row(
        "T42: a page in place of an image",
        drawn(PNG),
        drawn(b"<html><body>busy</body>"),
        ("breaking data[0].b64_json",),
    ),
    Row("T42: of no known format", drawn(PNG), drawn(b"\x01\x02\x03" * 9), ("risky data[0].b64_json",)),
    Row("T42: the image of a stream", drawing(PNG), drawing(WEBP), ("breaking b64_json",)),
    Row("T42: sound within events", speaking(MP3), speaking(WAV), ("breaking audio",)),
    Row("T42: output_format says otherwise", drawn(PNG, "png"), drawn(PNG, "webp"), ("risky output_format",)),
    Row("T42: in a stream", drawing(PNG, "png"), drawing(PNG, "webp"), ("risky output_format",)),
    Row("T42, benign twin: another image", drawn(PNG, "png"), drawn(PNG + bytes(9), "png")),
    Row("the golden says otherwise as well", drawn(PNG, "webp"), drawn(PNG, "webp")),
    Row("the golden shows both within JSON", [drawn(PNG), drawn(WEBP)], drawn(WEBP)),
    Row("later parts of a sound have no signature", speaking(MP3, PCM), speaking(MP3, SILENCE)),
)
