"""sdk-headers-lost: response headers that the application can't read any more."""

from __future__ import annotations

from tests.rules_table import Row, raises, seen

READ = ("content-type", "x-ratelimit-remaining-requests", "x-request-id")

CASES = (
    Row(
        "the raw response holds no request id any more",
        seen("raw", headers=READ),
        seen("raw", headers=READ[:2]),
        ("risky headers.x-request-id",),
    ),
    Row("the same headers", seen("raw", headers=READ), seen("raw", headers=READ)),
    Row("one that nobody reads", seen("raw", headers=READ), seen("raw", headers=READ[1:])),
    Row("it raises now", seen("raw", headers=READ), raises("Oops", call="raw"), (), ("breaking sdk-raises error",)),
    Row("how long to wait", seen("raw", headers=("retry-after",)), seen("raw"), ("risky headers.retry-after",)),
    Row(
        "what is left",
        seen("raw", headers=READ),
        seen("raw", headers=(READ[0], READ[2])),
        (f"risky headers.{READ[1]}",),
    ),
)
