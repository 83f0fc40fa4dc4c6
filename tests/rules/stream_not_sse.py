"""stream-not-sse: other forms of answer to a streaming request."""

from __future__ import annotations

import gzip

from tests.rules_table import ASK, HELLO, Row, completion, plain, stream

ASKED = {**ASK, "stream": True}
NDJSON = b'{"message":{"role":"assistant","content":"Hel"},"done":false}\n{"message":{"content":"lo."},"done":true}\n'

CASES = (
    Row(
        "T20: the shim ignores the stream flag (tinyhumansai/tinyagents 56)",
        stream(*HELLO),
        plain(completion(), ASKED),
        ("breaking body",),
    ),
    Row(
        "T23: JSON lines, as Ollama speaks natively (langgenius/dify 4120)",
        stream(*HELLO),
        plain(NDJSON, ASKED, headers={"content-type": "application/x-ndjson"}),
        ("breaking body",),
    ),
    Row(
        "T19: one bare JSON under text/event-stream (stacklok/toolhive 6037)",
        stream(*HELLO),
        plain(
            {"code": 429, "message": "Resource has been exhausted"},
            ASKED,
            headers={"content-type": "text/event-stream"},
        ),
        ("breaking body",),
    ),
    Row(
        "a web page under status 200",
        stream(*HELLO),
        plain(b"<!DOCTYPE html><title>App</title>", ASKED, headers={"content-type": "text/html"}),
        ("breaking body",),
    ),
    Row("nothing at all", stream(*HELLO), plain(b"", ASKED), ("breaking body",)),
    Row(
        "T20, benign twin: a real stream with a single content chunk",
        stream(*HELLO),
        stream(HELLO[0], {**HELLO[1]}, HELLO[-1]),
    ),
    Row("T23, benign twin: each JSON of the stream on one line", stream(*HELLO), stream(*HELLO)),
    Row("the golden answers with one body too", plain(completion(), ASKED), plain(completion(), ASKED)),
    Row(
        "an HTML page that a proxy compressed on its way",
        stream(*HELLO),
        plain(gzip.compress(b"<!DOCTYPE html>", mtime=0), ASKED, headers={"content-encoding": "gzip"}),
        ("breaking body",),
    ),
    Row(
        "compressed by two hops, and labelled once",
        stream(*HELLO),
        plain(
            gzip.compress(gzip.compress(b"data: {}\n\n", mtime=0), mtime=0), ASKED, headers={"content-encoding": "gzip"}
        ),
        ("breaking body",),
    ),
    Row(
        "brotli that was not asked for: what is inside, nobody here can say",
        stream(*HELLO),
        plain(b"\x0b\x02\x80{}\x03", ASKED, headers={"content-encoding": "br"}),
    ),
)
