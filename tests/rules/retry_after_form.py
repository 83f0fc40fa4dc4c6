"""retry-after-form: a pause that is no number of seconds."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules_table import Row, refusal


def limited(value: str) -> Exchange:
    return refusal(429, "requests", "rate_limit_exceeded", headers={"retry-after": value} if value else {})


DATE = "Tue, 22 Sep 2026 10:00:30 GMT"

CASES = (
    Row("anomalyco/opencode 48185: a duration", limited("20"), limited("2m59.56s"), ("risky headers.retry-after",)),
    Row("a date", limited("20"), limited(DATE), ("info headers.retry-after",)),
    Row("another number", limited("20"), limited("1.5")),
    Row("the golden has dates", limited(DATE), limited(DATE)),
    Row("the golden has none", limited(""), limited("30s")),
    Row(
        "neither of them is retry-after-unreadable's",
        limited("20"),
        limited("soon"),
        (),
        ("risky retry-after-unreadable headers.retry-after",),
    ),
)
