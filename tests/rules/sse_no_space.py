"""sse-no-space: `data:{` in place of `data: {`."""

from __future__ import annotations

from tests.rules_table import HELLO, ROLE, Row, chunk, completion, plain, rewritten, stream

CASES = (
    Row(
        "T01: LongCat and relays write data:{…} (davidmigloz/langchain_dart 778)",
        stream(*HELLO),
        rewritten(stream(*HELLO), b"data: ", b"data:"),
        ("risky frames",),
    ),
    Row(
        "T01: the sentinel alone has no space",
        stream(*HELLO),
        rewritten(stream(*HELLO), b"data: [DONE]", b"data:[DONE]"),
        ("risky frames",),
    ),
    Row(
        "T01, benign twin: two spaces after a colon inside a JSON string",
        stream(*HELLO),
        stream(ROLE, chunk({"content": "data:  x"}), chunk({}, "stop")),
    ),
    Row(
        "T01, benign twin: the golden already has no space",
        rewritten(stream(*HELLO), b"data: ", b"data:"),
        rewritten(stream(*HELLO), b"data: ", b"data:"),
    ),
    Row("a plain body has no frames", plain(completion()), plain(completion())),
)
