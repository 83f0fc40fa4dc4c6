"""text-format-changed: subtitles that are none."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules_table import Row, completion, plain

VTT = b"WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nHello.\n"
SRT = b"1\n00:00:00,000 --> 00:00:02,000\nHello.\n"


def transcript(body: bytes) -> Exchange:
    return plain(body, url="/v1/audio/transcriptions", headers={"content-type": "text/plain"})


CASES = (
    Row("S36: response_format vtt is answered with SRT", transcript(VTT), transcript(SRT), ("risky body",)),
    Row(
        "S36: response_format srt is answered with plain text", transcript(SRT), transcript(b"Hello."), ("risky body",)
    ),
    Row("S36, more general: an empty answer", transcript(b"Hello."), transcript(b""), ("breaking body",)),
    Row(
        "S36: WebVTT with the commas of SRT",
        transcript(VTT),
        transcript(VTT.replace(b".000", b",000")),
        ("risky body",),
    ),
    Row("a comma in what is said", transcript(VTT), transcript(VTT.replace(b"Hello.", b"At 10:00,5 --> or later"))),
    Row("S36: the text as JSON", transcript(b"Hello."), transcript(b'"Hello."'), ("risky body",)),
    Row("a text with quotes", transcript(b"Hello."), transcript(b'"Hello," he said.')),
    Row("other words, in the golden's format", transcript(VTT), transcript(VTT.replace(b"Hello.", b"Good day."))),
    Row("a byte order mark before the same format", transcript(VTT), transcript(b"\xef\xbb\xbf" + VTT)),
    Row("SRT with short hours", transcript(SRT), transcript(SRT.replace(b"00:00:0", b"0:00:0"))),
    Row("a text with an arrow", transcript(b"Hello."), transcript(b"a --> b")),
    Row("JSON has none of these formats", plain(completion()), plain(completion(), headers={"x-a": "b"})),
)
