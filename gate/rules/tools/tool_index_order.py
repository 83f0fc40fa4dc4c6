"""Tool calls of a stream that open in another order than their indexes."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Drift, Rule, Samples, Severity
from gate.observe.answer import numbered
from gate.rules.tools._calls import place, problems


def check(golden: Samples, candidate: Samples) -> Iterator[Drift]:
    """Every index comes, and each call keeps its own, but a later one comes first; TL02 is worse."""
    for sample, found in numbered(candidate):
        for problem in problems(golden, found, "tool-index-order"):
            message = "tool calls open in another order than their indexes"
            yield Drift(problem.path, message, "0, 1, 2…", problem.detail, sample, None, *place(found, problem.frame))


RULE = Rule(
    id="tool-index-order",
    area="tools",
    severity=Severity.RISKY,
    summary="streamed tool calls do not open in the order of their indexes",
    who_breaks="openai-python inserts index 1 into an empty list at 0 and merges the next call into it",
    hint="send the deltas of call 0 before those of call 1",
    check=check,
)
