"""no-answer-in-time: timeouts before the answer is complete."""

from __future__ import annotations

from dataclasses import replace

from gate.model import Ending
from tests.rules_table import HELLO, Row, completion, none, plain, stream

CASES = (
    Row(
        "LA02: nothing comes within the client's timeout",
        plain(completion()),
        none(Ending.TIMEOUT, "first_byte timeout: no byte of the answer within 60 s"),
        ("breaking body",),
    ),
    Row(
        "ER09: a stream that stalls half-way",
        stream(*HELLO),
        replace(stream(*HELLO[:2], done=False), ending=Ending.TIMEOUT),
        ("breaking body",),
    ),
    Row(
        "LA02, benign twin: slower, and complete",
        plain(completion(), total_ms=2000.0),
        plain(completion(), total_ms=5000.0),
    ),
    Row(
        "the scenario gave up by itself",
        plain(completion()),
        none(Ending.CANCELLED, "gave up after 1 s, as the scenario asks"),
    ),
)
