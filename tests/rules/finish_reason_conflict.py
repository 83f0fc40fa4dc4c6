"""finish-reason-conflict: stop and tool_calls for the same choice."""

from __future__ import annotations

from tests.rules_table import HELLO, ROLE, Row, chunk, stream

CASES = (
    Row(
        "fact: two conflicting finish_reasons in one stream",
        stream(*HELLO),
        stream(*HELLO, chunk({}, "length")),
        ("breaking choices[0].finish_reason",),
    ),
    Row(
        "the same word twice is another matter",
        stream(*HELLO),
        stream(*HELLO, chunk({}, "stop")),
        also=("risky finish-reason-repeated choices[0].finish_reason",),
    ),
    Row("one word", stream(*HELLO), stream(ROLE, chunk({"content": "Hi"}), chunk({}, "length"))),
    Row("the golden conflicts too", stream(*HELLO, chunk({}, "length")), stream(*HELLO, chunk({}, "length"))),
)
