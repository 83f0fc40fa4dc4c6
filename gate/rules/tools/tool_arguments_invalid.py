"""The arguments of a tool call are a text that is no JSON object: cut, encoded twice, with NaN, two in one (TL02)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity, ToolCall
from gate.observe.answer import numbered, word
from gate.observe.breaches import read
from gate.rules.tools._calls import first_call, function_path, whole_calls
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """The first call of each sample whose arguments no client can read; cut answers are told by other rules."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        for call, fault in list(_faulty(found))[:1]:
            if not any(True for g in golden for _ in _faulty(g)):
                path, at = function_path(call, "arguments"), first_call(found)
                yield Drift(
                    path=path,
                    message=f"arguments {fault}",
                    golden="a JSON object",
                    candidate=show(call.arguments),
                    sample=sample,
                    severity=None,
                    frame=at[0],
                    byte=at[1],
                )


def _faulty(found: Observation) -> Iterator[tuple[ToolCall, str]]:
    for call in whole_calls(found):
        fault = _fault(call.arguments) if isinstance(call.arguments, str) and call.arguments.strip() else ""
        if fault:
            yield call, fault


def _fault(arguments: str) -> str:
    text = read(arguments)
    if text.fault:
        return f"are no JSON: {text.fault}"
    if isinstance(text.value, str) and isinstance(read(text.value).value, dict):
        return "are JSON that was encoded twice"
    return "" if isinstance(text.value, dict) else f"are {word(text.value)}, not an object"


RULE = Rule(
    id="tool-arguments-invalid",
    area="tools",
    severity=Severity.BREAKING,
    summary="the arguments of a tool call cannot be read as a JSON object",
    who_breaks="json.loads raises, or hands the tool a text in place of its parameters",
    hint="join the provider's fragments in order and encode the arguments once",
    check=check,
)
