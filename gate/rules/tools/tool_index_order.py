"""Tool calls of a stream that open in another order than their indexes."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, ProblemCode, Rule, Severity
from gate.observe.answer import numbered
from gate.rules.tools._calls import place, problems


def check(comparison: Comparison) -> Iterator[Drift]:
    """Every index comes, and each call keeps its own, but a later one comes first; TL02 is worse."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        for problem in problems(golden, found, ProblemCode.TOOL_INDEX_ORDER):
            message = "tool calls open in another order than their indexes"
            yield Drift(
                path=problem.path,
                message=message,
                golden="0, 1, 2…",
                candidate=problem.detail,
                sample=sample,
                severity=None,
                frame=place(found, problem.frame)[0],
                byte=place(found, problem.frame)[1],
            )


RULE = Rule(
    id="tool-index-order",
    area="tools",
    severity=Severity.RISKY,
    summary="streamed tool calls do not open in the order of their indexes",
    who_breaks="openai-python inserts index 1 into an empty list at 0 and merges the next call into it",
    hint="send the deltas of call 0 before those of call 1",
    check=check,
)
