"""content-type-changed: labels of successes and failures."""

from __future__ import annotations

import json

from tests.rules_table import ASK, HELLO, Row, completion, plain, refusal, stream

BODY = json.dumps(completion()).encode()
STREAMED = {**ASK, "stream": True}
TRANSCRIPT = "/v1/audio/transcriptions"


def labelled(label: str) -> dict[str, str]:
    return {"content-type": label}


CASES = (
    Row(
        "S36's mechanism: JSON labelled text/plain, which openai-python hands on as a string",
        plain(BODY),
        plain(BODY, headers=labelled("text/plain")),
        ("breaking headers.content-type",),
    ),
    Row(
        "T14: an event stream labelled application/json (openclaw/openclaw 97474)",
        stream(*HELLO),
        stream(*HELLO, headers=labelled("application/json")),
        ("risky headers.content-type",),
    ),
    Row(
        "S36: subtitles labelled application/json",
        plain(b"WEBVTT\n\nhello", url=TRANSCRIPT, headers=labelled("text/vtt")),
        plain(b"WEBVTT\n\nhello", url=TRANSCRIPT),
        ("risky headers.content-type",),
    ),
    Row(
        "S36: response_format vtt is ignored, and JSON comes as always (morioka/tiny-openai-whisper-api 7)",
        plain(b"WEBVTT\n\nhello", url=TRANSCRIPT, headers=labelled("text/vtt")),
        plain({"text": "hello"}, url=TRANSCRIPT),
        ("risky headers.content-type",),
    ),
    Row(
        "S36, benign twin: a text that parses as JSON",
        plain(b"forty-two", url=TRANSCRIPT, headers=labelled("text/plain")),
        plain(b"42", url=TRANSCRIPT, headers=labelled("text/plain")),
    ),
    Row(
        "another JSON",
        plain(BODY),
        plain(BODY, headers=labelled("application/vnd.api+json")),
        ("info headers.content-type",),
    ),
    Row(
        "S36, benign twin (B31): a charset",
        plain(BODY),
        plain(BODY, headers=labelled("Application/JSON; charset=utf-8")),
    ),
    Row(
        "the golden mislabels too",
        plain(BODY, headers=labelled("text/plain")),
        plain(BODY, headers=labelled("text/plain")),
    ),
    Row("recorders drop headers: a missing one is no evidence", plain(BODY), plain(BODY, headers=labelled(""))),
    Row(
        "T14 turned round: the right label, where the golden mislabels",
        plain(BODY, headers=labelled("text/plain")),
        plain(BODY),
        ("info headers.content-type",),
    ),
    Row(
        "ER24: a refused stream, labelled as if it came (smg-project/smg 2403)",
        refusal(400, request=STREAMED),
        refusal(400, request=STREAMED, headers=labelled("text/event-stream; charset=utf-8")),
        ("risky headers.content-type",),
    ),
    Row(
        "ER24 on a plain request, with another status",
        refusal(404),
        refusal(403, headers=labelled("text/event-stream")),
        ("risky headers.content-type",),
        ("breaking client-error-changed status",),
    ),
    Row(
        "RFC 9457's label for errors",
        refusal(400),
        refusal(400, headers=labelled("application/problem+json")),
        ("info headers.content-type",),
    ),
    Row(
        "ER24, benign twin: a charset", refusal(400), refusal(400, headers=labelled("application/json; charset=utf-8"))
    ),
    Row(
        "the golden's errors have that label as well",
        refusal(400, headers=labelled("text/event-stream")),
        refusal(400, headers=labelled("text/event-stream")),
    ),
    Row(
        "ER24 turned round: the right label, where the golden mislabels",
        refusal(400, headers=labelled("text/event-stream")),
        refusal(400),
        ("info headers.content-type",),
    ),
    Row(
        "a failure of what the golden serves is compared with nothing",
        plain(BODY),
        refusal(500, headers=labelled("text/event-stream")),
        (),
        ("breaking success-lost status",),
    ),
    Row(
        "T14 turned round on a stream",
        stream(*HELLO, headers=labelled("application/json")),
        stream(*HELLO),
        ("info headers.content-type",),
    ),
    *(
        Row(
            f"the same sound by another name: {alias}",
            plain(b"\xff\xfb\x90\x64", url="/v1/audio/speech", headers=labelled(name)),
            plain(b"\xff\xfb\x90\x64", url="/v1/audio/speech", headers=labelled(alias)),
        )
        for name, alias in (
            ("audio/mpeg", "audio/mp3"),
            ("audio/mpeg", "audio/x-mp3"),
            ("audio/wav", "audio/wave"),
            ("audio/x-wav", "audio/vnd.wave"),
            ("audio/ogg", "audio/opus"),
            ("audio/flac", "audio/x-flac"),
            ("audio/aac", "audio/x-aac"),
            ("audio/aac", "audio/aacp"),
        )
    ),
    Row(
        "another kind of sound",
        plain(b"\xff\xfb\x90\x64", url="/v1/audio/speech", headers=labelled("audio/mpeg")),
        plain(b"\xff\xfb\x90\x64", url="/v1/audio/speech", headers=labelled("audio/wav")),
        ("risky headers.content-type",),
    ),
)
