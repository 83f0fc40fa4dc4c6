"""sse-data-split: one JSON value over several data: lines."""

from __future__ import annotations

from tests.rules_table import HELLO, ROLE, Row, chunk, rewritten, stream

CASES = (
    Row(
        "T09: the server wraps its JSON over data: lines (0xPlaygrounds/rig 534)",
        stream(*HELLO),
        rewritten(stream(*HELLO), b', "object"', b',\ndata: "object"'),
        ("risky frames",),
    ),
    Row(
        "T09, benign twin: an escaped line feed inside one data: line",
        stream(*HELLO),
        stream(ROLE, chunk({"content": "a\nb"}), chunk({}, "stop")),
    ),
    Row(
        "the golden splits too",
        rewritten(stream(*HELLO), b', "object"', b',\ndata: "object"'),
        rewritten(stream(*HELLO), b', "object"', b',\ndata: "object"'),
    ),
)
