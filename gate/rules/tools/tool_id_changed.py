"""The id of a tool call changes within its stream, or several calls have one id (TL07)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Drift, Observation, Rule, Samples, Severity, ToolCall
from gate.observe.answer import answered, choices, numbered
from gate.rules.tools._calls import first_call, is_text, place, problems
from gate.wire.shape import show


def check(golden: Samples, candidate: Samples) -> Iterator[Drift]:
    """Ids that cannot serve as keys: unsteady ones, and those that two calls share."""
    for sample, found in numbered(candidate):
        for problem in problems(golden, found, "tool-id-changed"):
            message = "a tool call's id changes between its deltas"
            yield Drift(problem.path, message, "one id", problem.detail, sample, None, *place(found, problem.frame))
        twice = _twice(found)
        if twice and not any(map(_twice, golden)):
            message, path = "several tool calls of one answer have the same id", f"{twice.path}.id"
            yield Drift(
                path, message, "an id for each call", show(twice.id, 80), sample, Severity.BREAKING, *first_call(found)
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
