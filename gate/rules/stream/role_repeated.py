"""The role comes with chunk after chunk (ST08)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.rules.stream._streams import Stream, drift, judged


def check(comparison: Comparison) -> Iterator[Drift]:
    """Once more on the finish chunk is nothing."""
    golden, candidate = comparison.golden, comparison.candidate
    for like, stream in judged(golden, candidate):
        lane = max(stream.lanes, key=lambda lane: _count(stream, lane), default=None)
        if lane is None or _count(stream, lane) < 2 or max(_count(g, at) for g in like for at in g.lanes or (0,)) > 1:
            continue
        count = _count(stream, lane)
        message = f"the role comes with {count} chunks of one choice"
        path = f"choices[{lane}].delta.role"
        yield drift(stream, stream.of("role", lane)[1], path, message, "once", f"{count} times")


def _count(stream: Stream, lane: int) -> int:
    return sum(("finish", lane) not in event.kinds for event in stream.of("role", lane))


RULE = Rule(
    id="role-repeated",
    area="stream",
    severity=Severity.INFO,
    summary="many chunks of the stream repeat the role",
    who_breaks="accumulators that join every string of the deltas end with the role assistantassistant",
    hint="set the role from a delta, do not append it",
    check=check,
)
