"""Two different finish_reasons for one choice of a stream."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, ProblemCode, Rule, Severity
from gate.observe.alignment import unseen_problems
from gate.observe.scopes import has_streams
from gate.rules.stream._streams import problem_drift


def check(comparison: Comparison) -> Iterator[Drift]:
    """Which one a client uses depends on whether it keeps the first or the last."""
    for pair in comparison.answers:
        for problem in unseen_problems(pair, {ProblemCode.FINISH_CHANGED}):
            yield problem_drift(pair, problem, "one choice has two different finish_reasons", "one finish_reason")


RULE = Rule(
    id="finish-reason-conflict",
    area="stream",
    # one of two clients gets it wrong, whichever value is right (mutation finish-conflicting)
    severity=Severity.BREAKING,
    summary="a choice of the stream ends with two different finish_reasons",
    who_breaks="clients that stop at the first see stop where others see tool_calls: the tool is never run",
    hint="let the gateway decide on one finish_reason before it sends any",
    check=check,
    where=has_streams,
)
