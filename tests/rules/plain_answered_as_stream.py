"""plain-answered-as-stream: the mirror of stream-not-sse."""

from __future__ import annotations

from dataclasses import replace

from tests.rules_table import ASK, HELLO, Row, completion, plain, stream

STREAMED = replace(stream(*HELLO), request=plain(completion()).request)

CASES = (
    Row(
        "dify once read SSE as JSON lines (langgenius/dify 4120): a stream that was not requested",
        plain(completion()),
        STREAMED,
        ("breaking body",),
    ),
    Row("the golden streams too", STREAMED, STREAMED),
    Row("a stream that was asked for", stream(*HELLO), stream(*HELLO)),
    Row("text that starts with data: inside JSON", plain(completion()), plain(completion({"content": "data: x"}), ASK)),
)
