"""The input of a custom tool is wrapped in JSON (TL35)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from gate.model import Comparison, Drift, Json, Observation, Rule, Severity, ToolCall
from gate.observe.answer import tool_calls
from gate.observe.breaches import read
from gate.observe.scopes import has_calls
from gate.rules.tools._calls import function_path
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """An object around one text, or quotes, where no golden input is such JSON."""
    inputs = [value for golden in comparison.golden for value in map(_value, _custom(golden))]
    if not inputs or any(isinstance(value, dict | str) for value in inputs):
        return
    for pair in comparison.answers:
        wrapped = (call for call in _custom(pair.candidate) if _is_wrapper(_value(call)))
        for call in itertools.islice(wrapped, 1):
            yield pair.drift(
                path=function_path(call, "arguments"),
                message=f"the input of a custom tool is a JSON {_form(_value(call))} around the text",
                golden="the text itself",
                candidate=show(call.arguments, 80),
            )


def _custom(observation: Observation) -> list[ToolCall]:
    return [call for call in tool_calls(observation) if call.type == "custom"]


def _value(call: ToolCall) -> Json:
    return read(call.arguments).value if isinstance(call.arguments, str) else call.arguments


def _form(value: Json) -> str:
    return "string" if isinstance(value, str) else "object"


def _is_wrapper(value: Json) -> bool:
    inner = next(iter(value.values()), None) if isinstance(value, dict) and len(value) == 1 else value
    return isinstance(inner, str)


RULE = Rule(
    id="custom-tool-input-wrapped",
    area="tools",
    # TL35: the tool gets JSON in place of a patch, a query or code
    severity=Severity.BREAKING,
    summary="the input of a custom tool is wrapped in a JSON object, or in quotes",
    who_breaks="tools that take free text: a patch that starts with a brace does not apply",
    hint="unwrap what the gateway made of the custom tool before it answers",
    check=check,
    where=has_calls,
)
