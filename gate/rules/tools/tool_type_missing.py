"""A tool call that does not say its type at once (TL11)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member, members
from gate.model import Comparison, Drift, Json, Observation, ProblemCode, Rule, Severity
from gate.observe.answer import answered, is_tool_path, numbered
from gate.rules.tools._calls import Place, calls, first_call, is_text, lacking, place, problems
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """The first call of each sample whose type is absent, empty or unheard of."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        for path, value, at in list(_wrong(found))[:1]:
            if not any(show(value) == show(v) for g in golden for _, v, _ in _wrong(g)):
                message = 'a tool call does not say "type": "function" when it opens'
                yield Drift(
                    path=path,
                    message=message,
                    golden='"function"',
                    candidate=show(value, 80),
                    sample=sample,
                    severity=None,
                    frame=at[0],
                    byte=at[1],
                )
        for odd in problems(golden, found, ProblemCode.TOOL_TYPE_ODD):
            message = "the type of a tool call is another word in a later delta"
            yield Drift(
                path=odd.path,
                message=message,
                golden='"function" or absent',
                candidate=odd.detail,
                sample=sample,
                severity=Severity.RISKY,
                frame=place(found, odd.frame)[0],
                byte=place(found, odd.frame)[1],
            )


def _wrong(found: Observation) -> Iterator[tuple[str, Json, Place]]:
    if not answered(found):
        return
    yield from lacking(found, "type")
    known = {"function", *(show(member(t, "type")).strip('"') for t in members(found.request, "tools"))}
    for _, call in calls(found):
        if is_text(call.type) and call.type not in known and is_tool_path(call.path):
            yield f"{call.path}.type", call.type, first_call(found)


RULE = Rule(
    id="tool-type-missing",
    area="tools",
    severity=Severity.BREAKING,
    summary="a tool call does not say that it is a function's",
    who_breaks="clients that switch on type ignore the call; AI SDK and Zod reject the answer",
    hint='let the gateway add "type": "function" to the first delta of each call',
    check=check,
)
