"""utf8-damaged: bytes and a byte order mark; what is lost in valid text is told by rules of its own."""

from __future__ import annotations

import json

from tests.rules._written import transcribed
from tests.rules_table import HELLO, ROLE, Row, chunk, completion, plain, rewritten, stream


def said(text: str) -> bytes:
    return json.dumps(completion({"content": text}), ensure_ascii=False).encode()


CASES = (
    Row(
        "issue 3, UTF-8 damage: a proxy cuts a multi-byte character in two",
        plain(said("Grüße")),
        plain(said("Grüße").replace("ü".encode(), b"\xc3")),
        ("breaking body",),
    ),
    Row(
        "the same in a stream",
        stream(*HELLO),
        rewritten(stream(*HELLO), b"Hel", b"H\xe4l"),
        ("breaking body",),
    ),
    Row(
        "tokens decoded one by one: the emoji becomes U+FFFD",
        stream(ROLE, chunk({"content": "Hi 👋"}), chunk({}, "stop")),
        stream(ROLE, chunk({"content": "Hi \ufffd"}), chunk({"content": "\ufffd"}), chunk({}, "stop")),
        (),
        ("breaking text-characters-lost choices[0].message.content",),
    ),
    Row("a byte order mark", plain(said("Hi")), plain(b"\xef\xbb\xbf" + said("Hi")), ("risky body",)),
    Row(
        "UTF-8 read as Latin-1 and written again",
        plain(said("Größe, été")),
        plain(said("Größe, été".encode().decode("latin-1"))),
        (),
        ("breaking text-mojibake choices[0].message.content",),
    ),
    Row("letters and signs that look like it", plain(said("Hi")), plain(said("Ã, Â, “É”, Ærø — é’s"))),
    Row("escaped instead of raw", plain(said("Grüße")), plain(completion({"content": "Grüße 👋"}))),
    Row("the golden shows it too", plain(said("a\ufffd")), plain(said("b\ufffd"))),
    Row("the golden has a mark as well", plain(b"\xef\xbb\xbf" + said("Hi")), plain(b"\xef\xbb\xbf" + said("Ho"))),
    Row(
        "speech is not text",
        plain(b"\xff\xf3\x84", url="/v1/audio/speech"),
        plain(b"\xff\xf3\xc4", url="/v1/audio/speech"),
    ),
    Row("signs that would be no UTF-8", plain(said("Hi")), plain(said("voilà€™"))),
    Row(
        "a transcript as text, in Latin-1",
        plain("Ça va?".encode(), url="/v1/audio/transcriptions", headers={"content-type": "text/plain"}),
        plain("Ça va?".encode("latin-1"), url="/v1/audio/transcriptions", headers={"content-type": "text/plain"}),
        ("breaking body",),
    ),
    Row("a transcript as text", transcribed("é".encode()), transcribed(b"\xe9"), ("breaking body",)),
    *(
        Row(
            f"labelled {name}",
            transcribed("é".encode()),
            transcribed(b"\xe9", f"text/plain; charset={name}"),
            ("breaking body",),
        )
        for name in ("utf-8", "UTF8")
    ),
    Row("in the encoding of its label", transcribed("é".encode()), transcribed(b"\xe9", "text/plain; charset=latin-1")),
)
