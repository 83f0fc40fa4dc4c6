"""The id of a tool call changes within its stream, or several calls have one id (TL07)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, ProblemCode, Rule, Severity, ToolCall
from gate.observe.answer import answered, choices, numbered
from gate.rules.tools._calls import first_call, is_text, place, problems
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Ids that cannot serve as keys: unsteady ones, and those that two calls share."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        for problem in problems(golden, found, ProblemCode.TOOL_ID_CHANGED):
            message = "a tool call's id changes between its deltas"
            yield Drift(
                path=problem.path,
                message=message,
                golden="one id",
                candidate=problem.detail,
                sample=sample,
                severity=None,
                frame=place(found, problem.frame)[0],
                byte=place(found, problem.frame)[1],
            )
        twice = _twice(found)
        if twice and not any(map(_twice, golden)):
            message, path = "several tool calls of one answer have the same id", f"{twice.path}.id"
            yield Drift(
                path=path,
                message=message,
                golden="an id for each call",
                candidate=show(twice.id, 80),
                sample=sample,
                severity=Severity.BREAKING,
                frame=first_call(found)[0],
                byte=first_call(found)[1],
            )


def _twice(found: Observation) -> ToolCall | None:
    """The first call whose id an earlier one has."""
    for choice in choices(found) if answered(found) else ():
        seen: set[str] = set()
        for call in choice.tool_calls:
            if is_text(call.id) and call.id in seen:
                return call
            seen.add(str(call.id))
    return None


RULE = Rule(
    id="tool-id-changed",
    area="tools",
    severity=Severity.RISKY,
    summary="the id of a tool call is not one id for one call",
    who_breaks="clients that keep calls by id split one in two, or lose all but the last",
    hint="mint an id once for each call and repeat it, or send it in the first delta alone",
    check=check,
)
