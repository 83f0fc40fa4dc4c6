"""status-not-final: an answer that denies being one."""

from __future__ import annotations

from tests.rules import _responses as r
from tests.rules_table import Row

CASES = (
    Row(
        "a gateway copies the status of the first event into the last (after RS06, minimal terminal objects)",
        r.told(r.events()),
        r.told(r.events(status="in_progress")),
        ("breaking status",),
    ),
    Row(
        "a plain response that is queued",
        r.whole(r.response()),
        r.whole(r.response(status="queued")),
        ("breaking status",),
    ),
    Row(
        "the model's choice: incomplete for its length",
        r.whole(r.response(), {**r.ASK, "max_output_tokens": 3}),
        r.whole(
            r.response(status="incomplete", incomplete_details={"reason": "max_output_tokens"}),
            {**r.ASK, "max_output_tokens": 3},
        ),
    ),
    Row(
        "a golden that answers in the background",
        r.whole(r.response(status="queued")),
        r.whole(r.response(status="queued")),
    ),
    Row(
        "RS07: a stream that broke off is reported by the rules about streams",
        r.told(r.events()),
        r.told(r.events()[:6]),
        also=("breaking stream-unfinished events.completed",),
    ),
    Row(
        "incomplete, without a reason",
        r.whole(r.response()),
        r.whole(r.response(status="incomplete")),
        ("risky status",),
    ),
    *(
        Row(f"it says {status}", r.whole(r.response()), r.whole(r.response(status=status)), ("breaking status",))
        for status in ("failed", "cancelled")
    ),
)
