"""The id of a tool call changes within its stream, or several calls have one id (TL07)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, ProblemCode, Rule, Severity, ToolCall
from gate.observe.answer import answered, choices, is_text, tool_calls
from gate.observe.breaches import read
from gate.observe.scopes import has_calls
from gate.rules.tools._calls import first_call, problems
from gate.wire.shape import show

_SEVERAL = "several tool calls of one answer have the same id"


def check(comparison: Comparison) -> Iterator[Drift]:
    """Ids that cannot serve as keys: those that change, and those that two calls share."""
    for pair in comparison.pairs:
        for problem, event in problems(comparison, pair, ProblemCode.TOOL_ID_CHANGED):
            yield pair.drift(
                path=problem.path,
                message="a tool call's id changes between its deltas",
                golden="one id",
                candidate=problem.detail,
                at=event,
            )
        duplicate = _duplicate(pair.candidate)
        if duplicate and not any(map(_duplicate, comparison.golden)):
            yield pair.drift(
                path=f"{duplicate.path}.id",
                message=_shared(pair.candidate, duplicate),
                golden="an id for each call",
                candidate=show(duplicate.id, 80),
                # B01, the reverse: results are sent back by id, and two calls would get the same one
                severity=Severity.BREAKING,
                at=first_call(pair.candidate),
            )


def _shared(observation: Observation, duplicate: ToolCall) -> str:
    """Whether several calls have one id, or one call comes under several indexes: its parts alone are no arguments."""
    parts = [call.arguments for call in tool_calls(observation) if call.id == duplicate.id]
    texts = [part if isinstance(part, str) else "" for part in parts]
    whole = [text for text in texts if isinstance(read(text).value, dict)]
    one_call = len(whole) < len(texts) and (whole or isinstance(read("".join(texts)).value, dict))
    one_call = one_call or len(set(texts)) == 1
    return "one tool call comes under several indexes, with one id" if one_call else _SEVERAL


def _duplicate(observation: Observation) -> ToolCall | None:
    """The first call whose id an earlier one of the same choice has."""
    for choice in choices(observation) if answered(observation) else ():
        seen: set[str] = set()
        for call in choice.tool_calls:
            if is_text(call.id) and call.id in seen:
                return call
            seen.add(str(call.id))
    return None


RULE = Rule(
    id="tool-id-changed",
    area="tools",
    # TL07: clients that collect by index do not see it
    severity=Severity.RISKY,
    summary="the id of a tool call changes, or several calls share it",
    who_breaks="clients that keep calls by id split one in two, or lose all but the last",
    hint="create an id once for each call and repeat it, or send it in the first delta only",
    check=check,
    where=has_calls,
)
