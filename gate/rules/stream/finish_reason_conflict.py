"""Two different finish_reasons for one choice of a stream."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, ProblemCode, Rule, Severity
from gate.rules.stream._streams import drift, event_at, unseen_problems


def check(comparison: Comparison) -> Iterator[Drift]:
    """Which one a client believes depends on whether it keeps the first or the last."""
    golden, candidate = comparison.golden, comparison.candidate
    for stream, problem in unseen_problems(golden, candidate, ProblemCode.FINISH_CHANGED):
        event = event_at(stream, problem.frame)
        message = "one choice gets two different finish_reasons"
        yield drift(stream, event, problem.path, message, "one finish_reason", problem.detail)


RULE = Rule(
    id="finish-reason-conflict",
    area="stream",
    severity=Severity.BREAKING,
    summary="a choice of the stream ends with two different finish_reasons",
    who_breaks="clients that stop at the first see stop where others see tool_calls: the tool is never run",
    hint="let the gateway decide on one finish_reason before it sends any",
    check=check,
)
