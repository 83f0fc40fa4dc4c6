"""sdk-retries-changed: another number of requests for one call."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules_table import Row, post, raises, seen


def times(*at: float) -> Exchange:
    """A call that raised after so many requests, sent at these seconds."""
    return raises("openai.RateLimitError", posts=tuple(post("/v1/chat/completions", {}, at=second) for second in at))


def waits(*at: float) -> Exchange:
    """A call that was not over in its time."""
    return seen(outcome="waiting", posts=tuple(post("/v1/chat/completions", {}, at=second) for second in at))


NONE = seen(outcome="unusable", detail="it does not install")
CASES = (
    Row(
        "a 429 with Retry-After: 70 is sent once instead of three times (openai/openai-python#3555)",
        times(0, 0.6, 1.8),
        times(0),
        ("risky requests",),
    ),
    Row("retries without bound", times(0, 0.6, 1.8), times(*(n / 10 for n in range(40))), ("breaking requests",)),
    Row("twice as many are another policy", times(0, 1, 2), times(0, 1, 2, 3, 4, 5), ("risky requests",)),
    Row("no request at all", times(0), times(), ("risky requests",)),
    Row("one waits, the other sends again", waits(0), waits(0, 1, 3), ("risky requests",)),
    Row("no request at all, because it does not start", times(0), NONE, (), ("breaking sdk-unusable start",)),
    Row("both still sent when the time was over, with a random part in their pauses", waits(0, 1, 3), waits(0, 2)),
    Row("as many, at other times", times(0, 0.6, 1.8), times(0, 0.5, 1.4)),
    Row("none before", times(), times(0)),
    Row("just more than twice as many", times(0, 1, 2), times(0, 1, 2, 3, 4, 5, 6), ("breaking requests",)),
    Row("more than twice of one is what others do", times(0), times(0, 1, 2, 3, 4, 5), ("risky requests",)),
    Row("more than the others' six", times(0), times(0, 1, 2, 3, 4, 5, 6), ("breaking requests",)),
)
