"""sse-frame-without-data: fields that dispatch an event without data."""

from __future__ import annotations

from tests.rules_table import HELLO, Row, rewritten, stream

NAMED = rewritten(stream(*HELLO), b"data: {", b"event: message\nid: 7\ndata: {")

CASES = (
    Row(
        "T12: event: keepalive on its own (openai/openai-python 2721)",
        stream(*HELLO),
        stream(b"event: keepalive\n\n", *HELLO),
        ("breaking frames",),
    ),
    Row("T12: retry: on its own", stream(*HELLO), stream(b"retry: 3000\n\n", *HELLO), ("breaking frames",)),
    Row("T12: an empty data: line", stream(*HELLO), stream(b"data:\n\n", *HELLO), ("breaking frames",)),
    Row(
        "T13: a comment with its own blank line after an id was set (theopenco/llmgateway 2334)",
        NAMED,
        rewritten(NAMED, b"data: [DONE]", b": ping\n\ndata: [DONE]"),
        ("breaking frames",),
    ),
    Row("T12, benign twin: event: message and id: 7 beside data", stream(*HELLO), NAMED),
    Row(
        "T13, benign twin: a comment with a single line feed",
        NAMED,
        rewritten(NAMED, b"data: [DONE]", b": ping\ndata: [DONE]"),
    ),
    Row("T13, benign twin: comments where no id was ever sent", stream(*HELLO), stream(b": ping\n\n", *HELLO)),
    Row("the golden has it", stream(b"event: keepalive\n\n", *HELLO), stream(b"event: keepalive\n\n", *HELLO)),
)
