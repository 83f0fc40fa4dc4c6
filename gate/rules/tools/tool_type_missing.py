"""A tool call without its type, or whose type is not in its first delta (TL11)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member, members
from gate.model import Comparison, Drift, Event, Json, Observation, ProblemCode, Rule, Severity
from gate.observe.answer import answered, is_text, is_tool_path
from gate.observe.scopes import has_calls
from gate.rules.tools._calls import calls, counted, first_call, lacking, problems
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """The first call of each sample whose type is absent, empty or unknown."""
    excused = {show(value) for golden in comparison.golden for _, value, _ in _wrong(golden)}
    for pair in comparison.pairs:
        for path, value, event in list(_wrong(pair.candidate))[:1]:
            if show(value) not in excused:
                yield pair.drift(
                    path=path,
                    message=f'a tool call does not start with "type": "function"{counted(pair.candidate)}',
                    golden='"function"',
                    candidate=show(value, 80),
                    at=event,
                )
        for problem, event in problems(comparison, pair, ProblemCode.TOOL_TYPE_ODD):
            yield pair.drift(
                path=problem.path,
                message="the type of a tool call changes in a later delta",
                golden='"function" or absent',
                candidate=problem.detail,
                # clients read the type in the first delta, which is right here; strict validators check each delta
                severity=Severity.RISKY,
                at=event,
            )


def _wrong(observation: Observation) -> Iterator[tuple[str, Json, Event | None]]:
    if not answered(observation):
        return
    yield from lacking(observation, "type")
    known = {"function", *(show(member(tool, "type")).strip('"') for tool in members(observation.request, "tools"))}
    for _, call in calls(observation):
        if is_text(call.type) and call.type not in known and is_tool_path(call.path):
            yield f"{call.path}.type", call.type, first_call(observation)


RULE = Rule(
    id="tool-type-missing",
    area="tools",
    # TL11: Zod clients demand the literal "function"
    severity=Severity.BREAKING,
    summary="a tool call lacks its type",
    who_breaks="clients that switch on type ignore the call; AI SDK and Zod reject the answer",
    hint='let the gateway add "type": "function" to the first delta of each call',
    check=check,
    where=has_calls,
)
