"""retry-after-ignored: the gateway asks again too soon."""

from __future__ import annotations

from dataclasses import replace

from gate.model import Exchange
from tests.rules._gateway import call, through
from tests.rules_table import Row, refusal


def tries(wanted: str, *times: float) -> Exchange:
    """Requests at these times, each refused at once."""
    busy = replace(refusal(429, "rate_limit_error", headers={"retry-after": wanted}), total_ms=1.0)
    return through(*(call(at_ms=at, answer=busy) for at in times), answer=busy)


ONCE, HASTY = tries("2", 5.0), tries("2", 5.0, 505.0, 1205.0)
RETRIED = ("risky request-retried request",)

CASES = (
    Row(
        "RQ21: at once, whatever Retry-After says (BerriAI/litellm 34399)",
        ONCE,
        HASTY,
        ("risky headers.retry-after",),
        RETRIED,
    ),
    Row("RQ21, benign twin: it waits", ONCE, tries("2", 5.0, 2010.0), also=RETRIED),
    Row("RQ21, benign twin: it does not ask again", ONCE, ONCE),
    Row(
        "a date is not measured",
        tries("Wed, 21 Oct 2026 07:28:00 GMT", 5.0),
        tries("Wed, 21 Oct 2026 07:28:00 GMT", 5.0, 9.0),
        also=RETRIED,
    ),
    Row("the old gateway was as hasty", HASTY, HASTY),
    Row("a recording without a gateway", replace(ONCE, upstream=None), replace(ONCE, upstream=None)),
    Row("just long enough", ONCE, tries("2", 5.0, 1911.0), also=RETRIED),
    Row("just too soon", ONCE, tries("2", 5.0, 1901.0), ("risky headers.retry-after",), RETRIED),
)
