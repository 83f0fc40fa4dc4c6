"""stream-unfinished: clean ends in the middle of the answer."""

from __future__ import annotations

from tests.rules._responses import events, told
from tests.rules_table import HELLO, ROLE, Row, stream

CASES = (
    Row(
        "T07: the gateway ends its own response cleanly (Portkey-AI/gateway 1797)",
        stream(*HELLO),
        stream(*HELLO[:2], done=False),
        ("breaking events.finish",),
    ),
    Row("T07: nothing but [DONE]", stream(*HELLO), stream(), ("breaking events.finish",)),
    Row(
        "RS07: no terminal event after the deltas (router-for-me/CLIProxyAPI 4904)",
        told(events()),
        told(events()[:5]),
        ("breaking events.completed",),
    ),
    Row("RS07, benign twin: the Responses API has no [DONE]", told(events()), told(events())),
    Row(
        "T07, benign twin: early end after finish_reason",
        stream(*HELLO, done=False),
        stream(*HELLO, done=False),
    ),
    Row(
        "ST12: with [DONE], the stream has ended",
        stream(*HELLO),
        stream(ROLE, HELLO[1]),
        also=("breaking finish-reason-missing choices[0].finish_reason",),
    ),
    Row("the golden ends so too", stream(*HELLO[:3], done=False), stream(*HELLO[:2], done=False)),
    Row(
        "T07 with a line that is not a field of SSE",
        stream(*HELLO),
        stream(ROLE, b"keepalive\n\n", HELLO[1], done=False),
        ("breaking events.finish",),
        also=("risky sse-not-json frames",),
    ),
    Row(
        "T07: nothing but comments and [DONE]",
        stream(*HELLO),
        stream(b": OPENROUTER PROCESSING\n\n"),
        ("breaking events.finish",),
    ),
    Row(
        "T07: nothing but events without data and [DONE]",
        stream(*HELLO),
        stream(b"event: ping\n\n"),
        ("breaking events.finish",),
        also=("breaking sse-frame-without-data frames",),
    ),
)
