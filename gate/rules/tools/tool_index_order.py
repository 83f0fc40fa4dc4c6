"""Tool calls of a stream that do not start in the order of their indexes."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, ProblemCode, Rule, Severity
from gate.observe.scopes import has_calls
from gate.rules.tools._calls import problems


def check(comparison: Comparison) -> Iterator[Drift]:
    """All indexes are there, and each call keeps its own, but a later one comes first; TL02 is worse."""
    for pair in comparison.pairs:
        for problem, event in problems(comparison, pair, ProblemCode.TOOL_INDEX_ORDER):
            yield pair.drift(
                path=problem.path,
                message="tool calls do not start in the order of their indexes",
                golden="0, 1, 2…",
                candidate=problem.detail,
                at=event,
            )


RULE = Rule(
    id="tool-index-order",
    area="tools",
    # openai-python's list inserts wrongly, clients that keep a map by index do not care
    severity=Severity.RISKY,
    summary="streamed tool calls do not start in the order of their indexes",
    who_breaks="openai-python inserts index 1 into an empty list at 0 and merges the next call into it",
    hint="send the deltas of call 0 before those of call 1",
    check=check,
    where=has_calls,
)
