"""sdk-hangs: neither an answer nor an exception."""

from __future__ import annotations

from tests.rules_table import Row, raises, seen

WAITS = seen(outcome="waiting")

CASES = (
    Row(
        "a Retry-After of 70 s is waited for (openai/openai-node#1840)",
        raises("RateLimitError"),
        WAITS,
        ("breaking end",),
    ),
    Row(
        "the process ends", seen(), seen(outcome="exited", detail="the process ended: out of memory"), ("breaking end",)
    ),
    Row("it waited before", WAITS, WAITS),
    Row("it waited and raises now", WAITS, raises("RateLimitError")),
    Row("the version before could not be used", seen(outcome="unusable"), WAITS),
)
