"""More than one chunk with finish_reason in a choice (ST14)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, ProblemCode, Rule, Severity
from gate.observe.answer import grammar
from gate.rules.stream._order import unseen_breaks
from gate.rules.stream._streams import Stream, drift, judged


def check(comparison: Comparison) -> Iterator[Drift]:
    """One for each choice is right (n > 1). Other words in the second, or content between, have their own rules."""
    golden, candidate = comparison.golden, comparison.candidate
    early = {(s.sample, b.lane) for s, b in unseen_breaks(golden, candidate) if b.kind in grammar(s.found).content}
    for like, stream in judged(golden, candidate):
        allowed = max(1, *(_most(g) for g in like))
        for lane in stream.lanes:
            ends = stream.of("finish", lane)
            conflict = any(p.code == ProblemCode.FINISH_CHANGED for p in stream.found.problems)
            if len(ends) > allowed and not conflict and (stream.sample, lane) not in early:
                count = f"{len(ends)} chunks"
                message = f"finish_reason is sent in {count} of one choice"
                yield drift(stream, ends[1], stream.lane_path(lane), message, "in one chunk", f"in {count}")


def _most(stream: Stream) -> int:
    return max((len(stream.of("finish", lane)) for lane in stream.lanes), default=0)


RULE = Rule(
    id="finish-reason-repeated",
    area="stream",
    severity=Severity.RISKY,
    summary="a choice of the stream has several finish chunks",
    who_breaks="accumulators that close a choice on each finish overwrite its tool calls with empty ones",
    hint="send finish_reason once for each choice, and null before",
    check=check,
    of_order=True,
)
