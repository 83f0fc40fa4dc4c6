"""usage-chunk-missing: the stream does not report its cost."""

from __future__ import annotations

from tests.rules._responses import events, told
from tests.rules_table import ASK_USAGE, HELLO, ROLE, USAGE, Row, chunk, stream

LAST = chunk(choices=[], usage=USAGE)

CASES = (
    Row(
        "US01: include_usage is dropped on the way (BerriAI/litellm 30803)",
        stream(*HELLO, LAST, request=ASK_USAGE),
        stream(*HELLO, request=ASK_USAGE),
        ("breaking usage",),
    ),
    Row(
        "US01 where the golden has it beside the finish, unasked",
        stream(*HELLO[:3], {**HELLO[3], "usage": USAGE}),
        stream(*HELLO),
        ("breaking usage",),
    ),
    Row("US01, benign twin: the request does not ask for it", stream(*HELLO), stream(*HELLO)),
    Row(
        "a stream that broke off has no usage either; that is one cause",
        stream(*HELLO, LAST, request=ASK_USAGE),
        stream(ROLE, done=False, request=ASK_USAGE),
        also=("breaking stream-unfinished events.finish",),
    ),
    Row(
        "US02, benign twin: usage: null before the end",
        stream(*HELLO, LAST, request=ASK_USAGE),
        stream(*({**c, "usage": None} for c in HELLO), LAST, request=ASK_USAGE),
    ),
    Row(
        "a response has its usage in the terminal event, and no chunk",
        told(events()),
        told(events(usage=None)),
        also=("breaking usage-missing usage",),
    ),
)
