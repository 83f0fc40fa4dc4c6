"""A tool call with "" or no arguments at all, where parsers need "{}" (TL14, TL26)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import MISSING, Comparison, Drift, Observation, Rule, Samples, Severity, ToolCall
from gate.observe.scopes import has_calls
from gate.rules.tools._calls import complete_calls, counted, first_call, function_path, is_void
from gate.wire.shape import show

_NONE = 'a tool call has no arguments; without parameters they must be "{}"'


def check(comparison: Comparison) -> Iterator[Drift]:
    """The first call of each sample without arguments to parse, unless the golden has such calls too."""
    if any(map(_empty, comparison.golden)):
        return
    for pair in comparison.pairs:
        for call in _empty(pair.candidate)[:1]:
            yield pair.drift(
                path=function_path(call, "arguments"),
                message=_message(pair.candidate, call),
                golden=_usual(comparison.golden),
                candidate=show(call.arguments),
                # a model may write nothing; the tool runs then, with nothing
                severity=Severity.RISKY if call.type == "custom" and call.arguments == "" else None,
                at=first_call(pair.candidate),
            )


def _message(observation: Observation, call: ToolCall) -> str:
    cause = counted(observation)
    if call.type == "custom":
        return f"the call of a custom tool has no input{cause}"
    return f"a tool call has no arguments{cause}" if cause else _NONE


def _empty(observation: Observation) -> list[ToolCall]:
    return [call for call in complete_calls(observation) if _has_none(call) and not is_void(call)]


def _has_none(call: ToolCall) -> bool:
    if isinstance(call.arguments, str):
        return not call.arguments.strip()
    # that an item of a response lacks the key is found by its schema
    return call.arguments is None or (call.arguments is MISSING and not call.path.startswith("output["))


def _usual(golden: Samples) -> str:
    arguments = (show(call.arguments, 80) for sample in golden for call in complete_calls(sample))
    return next(arguments, '"{}"')


RULE = Rule(
    id="tool-arguments-empty",
    area="tools",
    # TL14 is risky in the catalogue, TL26 breaking: for a JSON parser "" and nothing are the same failure
    severity=Severity.BREAKING,
    summary="a tool call has no arguments to parse",
    who_breaks='JSON.parse("") raises; LangChain and other clients drop the call without an error',
    hint='let the gateway send "{}" for a call without parameters, once, and not before other arguments',
    check=check,
    where=has_calls,
)
