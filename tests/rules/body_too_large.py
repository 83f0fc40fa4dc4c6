"""body-too-large: what is beyond limits.max_body."""

from __future__ import annotations

from dataclasses import replace

from gate.model import Ending
from tests.rules_table import HELLO, Row, completion, plain, stream

HUGE = replace(stream(*HELLO[:2], done=False), ending=Ending.TOO_LARGE, body_size=52_428_800)

CASES = (
    Row(
        "issue 2: a stream of 50 MB is handled in bounded memory, and reported",
        stream(*HELLO),
        HUGE,
        ("risky body",),
    ),
    Row("the golden is too large too", HUGE, HUGE),
    Row("larger, and kept whole", plain(completion()), plain(completion({"content": "x" * 5000}))),
    Row(
        "a stream whose end was never seen: risky alone, because the limit is the gate's",
        stream(*HELLO),
        replace(stream(*HELLO, done=False), ending=Ending.TOO_LARGE, body_size=9_000_000),
        ("risky body",),
    ),
)
