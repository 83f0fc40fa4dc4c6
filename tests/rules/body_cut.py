"""body-cut: connections that close before the body is complete."""

from __future__ import annotations

from dataclasses import replace

from gate.model import Ending
from tests.rules_table import HELLO, Row, completion, plain, stream

HALF = stream(*HELLO[:2], done=False)

CASES = (
    Row(
        "T27: a proxy cuts a long generation, no terminating chunk arrives (BerriAI/litellm 3986)",
        stream(*HELLO),
        replace(HALF, ending=Ending.CUT, detail="peer closed connection without sending complete message body"),
        ("breaking body",),
    ),
    Row(
        "T27: a reset in the middle of a plain body",
        plain(completion()),
        plain(b'{"id": "chatcmpl-1", "cho', ending=Ending.RESET),
        ("breaking body",),
    ),
    Row(
        "cut after data: [DONE]: only clients that read on are affected",
        stream(*HELLO),
        replace(stream(*HELLO), ending=Ending.CUT),
        ("risky body",),
    ),
    Row(
        "the golden is cut too",
        replace(HALF, ending=Ending.CUT),
        replace(HALF, ending=Ending.RESET),
    ),
    Row(
        "T27, benign twin: connection: close after the full body",
        plain(completion()),
        plain(completion(), headers={"connection": "close"}),
    ),
    Row(
        "the scenario hung up itself",
        replace(HALF, ending=Ending.CANCELLED),
        replace(stream(*HELLO[:3], done=False), ending=Ending.CANCELLED),
    ),
)
