"""done-early: events after the sentinel."""

from __future__ import annotations

from tests.rules_table import ASK_USAGE, HELLO, ROLE, USAGE, Row, chunk, stream

DONE = b"data: [DONE]\n\n"
TAIL = chunk(choices=[], usage=USAGE)

CASES = (
    Row(
        "issue 3, tool and usage order: no client reads usage after [DONE]",
        stream(*HELLO, TAIL, request=ASK_USAGE),
        stream(*HELLO, DONE, TAIL, done=False, request=ASK_USAGE),
        ("breaking [DONE]",),
    ),
    Row("the answer after [DONE]", stream(*HELLO), stream(HELLO[0], DONE, *HELLO[1:]), ("breaking [DONE]",)),
    Row("[DONE] twice", stream(*HELLO), stream(*HELLO, DONE), ("info [DONE]",)),
    Row("a comment after it", stream(*HELLO), stream(*HELLO, DONE, b": bye\n\n", done=False)),
    Row("the golden does so too", stream(*HELLO, DONE), stream(*HELLO, DONE)),
    Row("a role after it", stream(*HELLO), stream(*HELLO, DONE, ROLE, done=False), ("breaking [DONE]",)),
    Row("an event without data after it", stream(*HELLO), stream(*HELLO, DONE, b"event: end\n\n", done=False)),
    Row(
        "a line that is not a field of SSE after it",
        stream(*HELLO),
        stream(*HELLO, DONE, b"keepalive\n\n", done=False),
    ),
)
