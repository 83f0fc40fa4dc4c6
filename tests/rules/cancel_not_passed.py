"""cancel-not-passed: the upstream works on after the client has left."""

from __future__ import annotations

from dataclasses import replace

from gate.model import Ending, Exchange
from tests.rules._gateway import call, through
from tests.rules_table import HELLO, Row, stream

LEFT = Ending.CANCELLED


def left(*calls: Exchange, after_ms: float | None = 100.0) -> Exchange:
    """A client that leaves a stream after its first chunk."""
    answer = replace(stream(HELLO[0], done=False), ending=LEFT, total_ms=after_ms)
    return through(*calls, body={"model": "m", "messages": [], "stream": True}, answer=answer)


def went(ending: Ending, total_ms: float) -> Exchange:
    """The upstream's answer, as long as it was played."""
    return call(
        {"model": "m", "messages": [], "stream": True}, answer=replace(stream(*HELLO), ending=ending, total_ms=total_ms)
    )


DIRECT = replace(stream(HELLO[0], done=False), ending=LEFT, total_ms=100.0)
NEVER, LATE = left(went(Ending.COMPLETE, 3100.0)), left(went(LEFT, 2100.0))

CASES = (
    Row("RQ20: the upstream goes on to its end (BerriAI/litellm 30244)", DIRECT, NEVER, ("risky request",)),
    Row("RQ20: a poll notices after two seconds", DIRECT, LATE, ("risky request",)),
    Row("RQ20, benign twin: at once", DIRECT, left(went(LEFT, 110.0))),
    Row("the upstream was done before", DIRECT, left(went(Ending.COMPLETE, 90.0))),
    Row("nothing was asked", DIRECT, left()),
    Row("a recorder without times", DIRECT, left(went(LEFT, 110.0), after_ms=None)),
    Row("the old gateway was as late", LATE, LATE),
    Row("just soon enough", DIRECT, left(went(LEFT, 1590.0))),
    Row("just too late", DIRECT, left(went(LEFT, 1610.0)), ("risky request",)),
    Row("as late as the old gateway, and a second more", LATE, left(went(LEFT, 3500.0))),
    Row("two seconds later than the old gateway", LATE, left(went(LEFT, 4100.0)), ("risky request",)),
)
