"""sse-comments: keep-alive comments are told, and nothing more."""

from __future__ import annotations

from tests.rules_table import HELLO, Row, chunk, stream

PING = b": OPENROUTER PROCESSING\n\n"

CASES = (
    Row(
        "T10: OpenRouter's comments while the upstream computes (brainlid/langchain 568)",
        stream(*HELLO),
        stream(PING, PING, *HELLO),
        ("info frames",),
    ),
    Row(
        "T10: a comment in front of a data line of the same frame (deepnoodle-ai/dive 206)",
        stream(*HELLO),
        stream(
            *HELLO[:-1],
            b": ping\ndata: " + b'{"id":"chatcmpl-1","object":"chat.completion.chunk",'
            b'"created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n',
        ),
        ("info frames",),
    ),
    Row(
        "T10, benign twin (B09): another number of comments on the same route",
        stream(PING, *HELLO),
        stream(PING, PING, PING, *HELLO),
    ),
    Row("fewer comments than the golden", stream(PING, *HELLO), stream(*HELLO)),
    Row("text that starts with a colon", stream(*HELLO), stream(*HELLO[:1], chunk({"content": ": ping"}), HELLO[-1])),
)
