"""More than one chunk with finish_reason in a choice (ST14)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, ProblemCode, Rule, Severity
from gate.observe.scopes import has_streams
from gate.rules.stream._order import unseen_breaks
from gate.rules.stream._streams import Stream, streams


def check(comparison: Comparison) -> Iterator[Drift]:
    """One for each choice is right (n > 1). A second one with another value or after content has its own rule."""
    early = {
        (pair.sample, b.lane) for (pair, stream, _), b in unseen_breaks(comparison) if b.kind in stream.endpoint.content
    }
    for pair, stream, golden in streams(comparison):
        # OpenRouter sends three (100 of 277 recorded streams, a row): a golden's own number is usual
        allowed = max(1, *map(_most, golden))
        conflict = any(problem.code == ProblemCode.FINISH_CHANGED for problem in pair.candidate.problems)
        for lane in () if conflict else stream.lanes:
            finishes = stream.of("finish", lane)
            if len(finishes) > allowed and (pair.sample, lane) not in early:
                count = f"{len(finishes)} chunks"
                yield pair.drift(
                    path=stream.finish_path(lane),
                    message=f"finish_reason is sent in {count} of one choice",
                    golden="in one chunk",
                    candidate=f"in {count}",
                    at=finishes[1],
                )


def _most(stream: Stream) -> int:
    return max((len(stream.of("finish", lane)) for lane in stream.lanes), default=0)


RULE = Rule(
    id="finish-reason-repeated",
    area="stream",
    # ST14: accumulators that start anew lose calls; those that keep the first value do not
    severity=Severity.RISKY,
    summary="a choice of the stream has several finish chunks",
    who_breaks="accumulators that close a choice on each finish overwrite its tool calls with empty ones",
    hint="send finish_reason once for each choice, and null before",
    check=check,
    where=has_streams,
    of_order=True,
)
