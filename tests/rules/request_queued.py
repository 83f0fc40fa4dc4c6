"""request-queued: requests wait in the gateway for the end of others."""

from __future__ import annotations

from dataclasses import replace

from gate.model import Exchange
from tests.rules._gateway import call, golden, through
from tests.rules_table import Row, completion, plain


def held(at_ms: float, ends: float = 5000.0, sample: int = 0) -> Exchange:
    """A request that reached the upstream so late, and was held open there."""
    answer = plain(completion(), total_ms=ends, chunks=())
    return replace(through(call(at_ms=at_ms, answer=answer)), sample=sample)


FREE = [held(2.0 + n, sample=n) for n in range(4)]
NARROW = [held(2.0), held(3.0, sample=1), held(5004.0, sample=2), held(5008.0, sample=3)]

EARLY = [held(2.0), held(3.0, sample=1), held(4990.0, sample=2), held(4995.0, sample=3)]

CASES = (
    Row("RQ25: a pool of two connections (BerriAI/litellm 19711)", golden(), NARROW, ("risky request",)),
    Row("RQ25: what waited is there before the end of the first is written down", golden(), EARLY, ("risky request",)),
    Row("RQ25, benign twin: all are open at once", golden(), FREE),
    Row("RQ25, benign twin: a busy gateway", golden(), [held(2.0 + 400 * n, sample=n) for n in range(20)]),
    Row("answers that end at once say nothing of a queue", golden(), [held(2.0, 3.0), held(20.0, 3.0, sample=1)]),
    Row("one request alone", golden(), held(6000.0)),
    Row("nothing was asked", golden(), [through(), through()], also=("breaking request-not-sent request",)),
    Row("a recording without a gateway", golden(), [golden(), golden()]),
    Row("the old gateway had as few", NARROW, NARROW),
    Row("just a second later", golden(), [held(2.0, 1200.0), held(1050.0, 1200.0, sample=1)], ("risky request",)),
    Row("just less than a second", golden(), [held(2.0, 1200.0), held(960.0, 1200.0, sample=1)]),
    Row("just near the end of the first", golden(), [held(2.0), held(4765.0, sample=1)], ("risky request",)),
    Row("just not near it", golden(), [held(2.0), held(4740.0, sample=1)]),
)
