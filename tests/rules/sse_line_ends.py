"""sse-line-ends: CRLF and CR."""

from __future__ import annotations

import json
from dataclasses import replace

from gate.model import Chunk
from tests.rules_table import HELLO, Row, completion, plain, rewritten, stream

CRLF = rewritten(stream(*HELLO), b"\n", b"\r\n")

CASES = (
    Row("T02: the event boundary is CRLF CRLF (farion1231/cc-switch 1787)", stream(*HELLO), CRLF, ("risky frames",)),
    Row("CR alone", stream(*HELLO), rewritten(stream(*HELLO), b"\n", b"\r"), ("risky frames",)),
    Row("the golden has CRLF, and the candidate LF", CRLF, stream(*HELLO), ("risky frames",)),
    Row("the golden has CRLF too", CRLF, CRLF),
    Row(
        "T02, benign twin: CRLF between lines of a plain body",
        plain(completion()),
        plain(json.dumps(completion(), indent=1).replace("\n", "\r\n").encode()),
    ),
    Row("B07: reads that split lines", stream(*HELLO), replace(stream(*HELLO), chunks=(Chunk(1.0, 7), Chunk(2.0, 9)))),
)
