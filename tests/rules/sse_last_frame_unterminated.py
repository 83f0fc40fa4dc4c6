"""sse-last-frame-unterminated: the blank line after the last event."""

from __future__ import annotations

from dataclasses import replace

from gate.model import Ending
from tests.rules_table import HELLO, Row, rewritten, stream

CUT = rewritten(stream(*HELLO, done=False), b'"finish_reason": "stop"}]}\n\n', b'"finish_reason": "stop"}]}\n')

CASES = (
    Row(
        "T04: an intermediary strips the last line feeds (openai/openai-node 2725)",
        stream(*HELLO, done=False),
        CUT,
        ("breaking frames",),
    ),
    Row(
        "T04: the sentinel is gone as well",
        stream(*HELLO),
        CUT,
        ("breaking frames",),
        also=("risky done-missing [DONE]",),
    ),
    Row(
        "T04, benign twin: only after data: [DONE]",
        stream(*HELLO),
        rewritten(stream(*HELLO), b"[DONE]\n\n", b"[DONE]"),
    ),
    Row(
        "T04, benign twin: an extra line feed at the end",
        stream(*HELLO),
        rewritten(stream(*HELLO), b"]\n\n", b"]\n\n\n"),
    ),
    Row(
        "a cut body is body-cut",
        stream(*HELLO, done=False),
        replace(CUT, ending=Ending.CUT),
        also=("risky body-cut body",),
    ),
)
