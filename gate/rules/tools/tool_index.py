"""tool_calls[].index in a stream: absent, shared by several calls, or not counted from 0 (TL01, TL02)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, ProblemCode, Rule, Severity
from gate.observe.scopes import has_calls
from gate.rules.tools._calls import problems

# code: message, and evidence of both sides; what breaks clients most comes first
_WORDS = {
    ProblemCode.TOOL_INDEX_MISSING: ("a tool call's delta has no index", "an index in each delta", "absent"),
    ProblemCode.TOOL_INDEX_SHARED: (
        "several tool calls share one index",
        "an index for each call",
        "another call's index",
    ),
    ProblemCode.TOOL_INDEX_GAP: ("the indexes of tool calls do not count from 0", "0, 1, 2…", "an index too high"),
}


def check(comparison: Comparison) -> Iterator[Drift]:
    """What a client's accumulator cannot put together; the worst cause alone."""
    for pair in comparison.pairs:
        for problem, event in list(problems(comparison, pair, *_WORDS))[:1]:
            message, golden, candidate = _WORDS[problem.code]
            yield pair.drift(
                path=problem.path, message=message, golden=golden, candidate=problem.detail or candidate, at=event
            )


RULE = Rule(
    id="tool-index",
    area="tools",
    severity=Severity.BREAKING,
    summary="streamed tool calls cannot be told apart by their index",
    who_breaks="accumulators put each delta at tool_calls[index]: calls are lost or merged",
    hint="number the tool calls of an answer 0, 1, 2… and repeat the number in each delta of a call",
    check=check,
    where=has_calls,
)
