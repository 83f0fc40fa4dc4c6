"""The arguments of a tool call are a text, but not a JSON object: cut, encoded twice, NaN, two objects (TL02)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Json, Observation, Rule, Severity, ToolCall
from gate.observe.answer import word
from gate.observe.breaches import read
from gate.observe.defects import defect
from gate.observe.scopes import has_calls
from gate.rules.tools._calls import counted, first_call, function_path, whole_calls
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """The first call of each sample whose arguments no client can parse; cut answers are left to other rules."""
    if any(map(_faulty, comparison.golden)):
        return
    for pair in comparison.pairs:
        for call, fault in _faulty(pair.candidate)[:1]:
            yield pair.drift(
                path=function_path(call, "arguments"),
                message=f"arguments {fault}{counted(pair.candidate)}",
                golden="a JSON object",
                candidate=show(call.arguments),
                at=first_call(pair.candidate),
            )


def _faulty(observation: Observation) -> list[tuple[ToolCall, str]]:
    return [(call, fault) for call in whole_calls(observation) if (fault := _fault(call.arguments))]


def _fault(arguments: Json) -> str:
    """What is wrong with the text of the arguments; empty where it is right, or where there is no text."""
    if not isinstance(arguments, str) or not arguments.strip():
        return ""
    text = read(arguments)
    if text.fault:
        return f"are not JSON: {defect(arguments) or text.fault}"
    if isinstance(text.value, str) and isinstance(read(text.value).value, dict):
        return "are JSON that was encoded twice"
    return "" if isinstance(text.value, dict) else f"are {word(text.value)}, not an object"


RULE = Rule(
    id="tool-arguments-invalid",
    area="tools",
    severity=Severity.BREAKING,
    summary="the arguments of a tool call cannot be parsed as a JSON object",
    who_breaks="json.loads raises, or the tool gets a text instead of its parameters",
    hint="join the provider's fragments in order and encode the arguments once",
    check=check,
    where=has_calls,
)
