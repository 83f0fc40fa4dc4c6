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
        "the same value twice is finish-reason-repeated",
        stream(*HELLO),
        stream(*HELLO, chunk({}, "stop")),
        also=("risky finish-reason-repeated choices[0].finish_reason",),
    ),
    Row("one finish_reason", stream(*HELLO), stream(ROLE, chunk({"content": "Hi"}), chunk({}, "length"))),
    Row("the golden conflicts too", stream(*HELLO, chunk({}, "length")), stream(*HELLO, chunk({}, "length"))),
)
