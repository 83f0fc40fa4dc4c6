"""retry-after-form: a pause that is no number of seconds."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules_table import Row, refusal


def limited(value: str) -> Exchange:
    return refusal(429, "requests", "rate_limit_exceeded", headers={"retry-after": value} if value else {})


DATE = "Tue, 22 Sep 2026 10:00:30 GMT"


def both(seconds: str, milliseconds: str) -> Exchange:
    return refusal(429, headers={"retry-after": seconds, "retry-after-ms": milliseconds})


CASES = (
    Row("anomalyco/opencode 48185: a duration", limited("20"), limited("2m59.56s"), ("risky headers.retry-after",)),
    Row("a date", limited("20"), limited(DATE), ("info headers.retry-after",)),
    Row("another number", limited("20"), limited("1")),
    Row("urllib3 takes no fraction", limited("20"), limited("1.5"), ("info headers.retry-after",)),
    Row("the golden has fractions", limited("2.5"), limited("1.5")),
    Row(
        "ER30: the SDKs' header alone",
        limited("20"),
        refusal(429, "requests", "rate_limit_exceeded", headers={"retry-after-ms": "20000"}),
        ("info headers.retry-after",),
    ),
    Row(
        "the golden has the SDKs' header alone",
        refusal(429, headers={"retry-after-ms": "9"}),
        refusal(429, headers={"retry-after-ms": "8"}),
    ),
    Row("the golden has dates", limited(DATE), limited(DATE)),
    Row("the golden has none", limited(""), limited("30s")),
    Row(
        "neither of them is retry-after-unreadable's",
        limited("20"),
        limited("soon"),
        (),
        ("risky retry-after-unreadable headers.retry-after",),
    ),
    Row("ER30: milliseconds with a unit", both("20", "20000"), both("20", "20s"), ("risky headers.retry-after-ms",)),
    Row("ER30: below 0", both("20", "20000"), both("20", "-5"), ("risky headers.retry-after-ms",)),
    Row("ER30: seconds as milliseconds", both("20", "20000"), both("20", "20"), ("risky headers.retry-after-ms",)),
    Row("ER30, benign twin: rounded up", both("20", "20000"), both("3", "2000")),
    Row("rounded by more than a second", both("20", "20000"), both("3", "1999"), ("risky headers.retry-after-ms",)),
    Row("no wait at all", both("20", "20000"), both("0", "0")),
    Row("the golden's differ as well", both("20", "20"), both("3", "3")),
    Row(
        "beside a date nothing is compared",
        both("20", "20000"),
        both("Wed, 21 Oct 2026 07:28:00 GMT", "20"),
        ("info headers.retry-after",),
    ),
)
