"""The family of Retry-After: no usable time to wait."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules_table import Row, refusal


def busy(after: str | None, total_ms: float | None = 12.0) -> Exchange:
    headers = {} if after is None else {"retry-after": after}
    return refusal(429, "rate_limit_error", headers=headers, total_ms=total_ms)


FIRES = ("risky headers.retry-after",)

CASES = (
    Row(
        "ER15: the gateway strips Retry-After (openai/openai-dotnet 838)",
        busy("20"),
        busy(None),
        ("risky retry-after-absent headers.retry-after",),
    ),
    Row("ER15: a sentinel", busy("20"), busy("-1"), ("risky retry-after-unreadable headers.retry-after",)),
    Row(
        "ER15, more general: not a time",
        busy("20"),
        busy("soon"),
        ("risky retry-after-unreadable headers.retry-after",),
    ),
    Row(
        "ER16: sixteen days (earendil-works/pi 4991)",
        busy("2"),
        busy("1382400"),
        ("risky retry-after-hours headers.retry-after",),
    ),
    Row("ER16, benign twin: a few seconds more", busy("2"), busy("9")),
    Row("ER15, benign twin: a date", busy("2"), busy("Wed, 21 Oct 2026 07:28:00 GMT")),
    Row(
        "ER15: one recorder for both sides, and the golden's header was kept",
        busy("20", None),
        busy(None, None),
        ("risky retry-after-absent headers.retry-after",),
    ),
    Row("a recorder that filters headers proves nothing", busy("20"), busy(None, total_ms=None)),
    Row("the golden has none", busy(None), busy(None)),
    Row("just less than an hour", busy("2"), busy("3590")),
    Row("just an hour", busy("2"), busy("3610"), ("risky retry-after-hours headers.retry-after",)),
    Row(
        "the header in milliseconds is gone",
        refusal(429, "rate_limit_error", headers={"retry-after-ms": "200"}, total_ms=12.0),
        busy(None),
        ("risky retry-after-absent headers.retry-after",),
    ),
    Row(
        "503 without it",
        refusal(503, headers={"retry-after": "2"}, total_ms=12.0),
        refusal(503, total_ms=12.0),
        ("risky retry-after-absent headers.retry-after",),
    ),
)
