"""request-retried: one request of the client becomes several upstream."""

from __future__ import annotations

from tests.rules._gateway import call, golden, through
from tests.rules_table import Row, refusal

BUSY = refusal(429, "rate_limit_error")
TRIES = tuple(call(at_ms=at, answer=BUSY) for at in (3.0, 900.0, 2800.0))
MANY = through(*(call(at_ms=float(n), answer=BUSY) for n in range(9)), answer=BUSY)

CASES = (
    Row("RQ19: LiteLLM asks three times for one 429", BUSY, through(*TRIES, answer=BUSY), ("risky request",)),
    Row("RQ19: more than fit a line", BUSY, MANY, ("risky request",)),
    Row("RQ19: the same answer is paid for twice", golden(), through(call(), call(at_ms=9.0)), ("breaking request",)),
    Row("RQ19, benign twin: once", BUSY, through(TRIES[0], answer=BUSY)),
    Row("the old gateway asked as often", MANY, MANY),
    Row("the new one asks less often", MANY, through(*TRIES, answer=BUSY)),
    Row("the new one asks more often", through(*TRIES, answer=BUSY), MANY, ("risky request",)),
)
