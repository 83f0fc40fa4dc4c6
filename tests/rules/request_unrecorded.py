"""request-unrecorded: the upstream gets a request that nobody recorded."""

from __future__ import annotations

from tests.rules._gateway import call, golden, sent, through
from tests.rules_table import Row

STRAY = call(detail="unmatched no recording answers POST chat/completions with such a body and key")

CASES = (
    Row(
        "RQ18: a call of the gateway's own",
        golden(),
        through(call(), STRAY),
        ("breaking request",),
        also=("breaking request-retried request",),
    ),
    Row(
        "RQ18: a call of the gateway's own that comes first is no rewritten request",
        golden(sent(seed=7)),
        through(STRAY, call(sent(seed=7)), body=sent(seed=7)),
        ("breaking request",),
        also=("breaking request-retried request",),
    ),
    Row("RQ18: the request is not the one that was recorded", golden(), through(STRAY), ("breaking request",)),
    Row(
        "RQ18, benign twin: a fault of the upstream",
        golden(),
        through(call(detail="fault status-500; the client left after 5 ms")),
    ),
    Row("RQ18, benign twin: recorded", golden(), through(call())),
    Row("the old gateway did the same", through(STRAY), through(STRAY)),
)
