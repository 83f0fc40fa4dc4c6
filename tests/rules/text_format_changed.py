"""text-format-changed: subtitles that are none."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules_table import Row, completion, plain

VTT = b"WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nHello.\n"
SRT = b"1\n00:00:00,000 --> 00:00:02,000\nHello.\n"


def said(body: bytes) -> Exchange:
    return plain(body, url="/v1/audio/transcriptions", headers={"content-type": "text/plain"})


CASES = (
    Row("S36: response_format vtt brings SRT", said(VTT), said(SRT), ("risky body",)),
    Row("S36: response_format srt brings the words alone", said(SRT), said(b"Hello."), ("risky body",)),
    Row("S36, more general: nothing comes", said(b"Hello."), said(b""), ("breaking body",)),
    Row("other words, in the golden's format", said(VTT), said(VTT.replace(b"Hello.", b"Good day."))),
    Row("a byte order mark before the same format", said(VTT), said(b"\xef\xbb\xbf" + VTT)),
    Row("SRT with short hours", said(SRT), said(SRT.replace(b"00:00:0", b"0:00:0"))),
    Row("words that speak of an arrow", said(b"Hello."), said(b"a --> b")),
    Row("what is JSON has no such format", plain(completion()), plain(completion(), headers={"x-a": "b"})),
)
