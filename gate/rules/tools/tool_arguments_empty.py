"""A tool call with "" or no arguments at all, where "{}" is what parsers need (TL14, TL26)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import MISSING, Comparison, Drift, Observation, Rule, Samples, Severity, ToolCall
from gate.observe.answer import is_tool_path, numbered
from gate.rules.tools._calls import first_call, function_path, whole_calls
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """The first call of each sample that has nothing to parse, unless the golden's parameterless calls are so too."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        for call in list(_empty(found))[:1]:
            if not any(True for g in golden for _ in _empty(g)):
                path, at = function_path(call, "arguments"), first_call(found)
                message = 'a tool call has no arguments; without parameters they are "{}"'
                yield Drift(
                    path=path,
                    message=message,
                    golden=_seen(golden),
                    candidate=show(call.arguments),
                    sample=sample,
                    severity=None,
                    frame=at[0],
                    byte=at[1],
                )


def _empty(found: Observation) -> Iterator[ToolCall]:
    for call in whole_calls(found):
        absent = call.arguments is MISSING and is_tool_path(call.path)
        if absent or call.arguments is None or (isinstance(call.arguments, str) and not call.arguments.strip()):
            yield call


def _seen(golden: Samples) -> str:
    return next((show(call.arguments, 80) for g in golden for call in whole_calls(g)), '"{}"')


RULE = Rule(
    id="tool-arguments-empty",
    area="tools",
    severity=Severity.BREAKING,
    summary="a tool call has no arguments to parse",
    who_breaks='JSON.parse("") raises; LangChain and other clients drop the call without a word',
    hint='let the gateway send "{}" for a call without parameters, in a delta of its own if need be',
    check=check,
)
