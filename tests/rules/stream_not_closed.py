"""stream-not-closed: finished streams whose connection stays open."""

from __future__ import annotations

from dataclasses import replace

from gate.model import Ending
from tests.rules_table import HELLO, Row, stream

CASES = (
    Row(
        "T06: the finish chunk came, then nothing (waybarrios/vllm-mlx 101)",
        stream(*HELLO),
        replace(stream(*HELLO, done=False), ending=Ending.TIMEOUT, detail="no further byte within 30 s"),
        ("breaking body",),
    ),
    Row(
        "the sentinel came: SDKs stop there",
        stream(*HELLO),
        replace(stream(*HELLO), ending=Ending.TIMEOUT),
        ("risky body",),
    ),
    Row(
        "T06, benign twin: keep-alive after a properly ended body",
        stream(*HELLO),
        stream(*HELLO, headers={"connection": "keep-alive"}),
    ),
    Row(
        "a stall before the end is no-answer-in-time",
        stream(*HELLO),
        replace(stream(*HELLO[:2], done=False), ending=Ending.TIMEOUT),
        also=("breaking no-answer-in-time body",),
    ),
)
