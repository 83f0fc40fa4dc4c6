"""The arguments of a tool call are a JSON object instead of a JSON text (TL13)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import MISSING, Comparison, Drift, Rule, Severity, ToolCall
from gate.observe.answer import is_tool_path, tool_calls, word
from gate.observe.scopes import has_calls
from gate.rules.tools._calls import calls, first_call, function_path
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Arguments of any type but string; a call without arguments is tool-arguments-empty's."""
    if any(_untexted(call) for golden in comparison.golden for call in tool_calls(golden)):
        return
    for pair in comparison.pairs:
        for _, call in calls(pair.candidate):
            if _untexted(call):
                yield pair.drift(
                    path=function_path(call, "arguments"),
                    message=f"arguments are {word(call.arguments)}, not a JSON text",
                    golden="a string",
                    candidate=show(call.arguments, 80),
                    at=first_call(pair.candidate),
                )


def _untexted(call: ToolCall) -> bool:
    absent = call.arguments is MISSING or call.arguments is None
    return is_tool_path(call.path) and not absent and not isinstance(call.arguments, str)


RULE = Rule(
    id="tool-arguments-not-text",
    area="tools",
    severity=Severity.BREAKING,
    summary="the arguments of a tool call are not a string",
    who_breaks="json.loads raises; clients that fall back to {} run the tool with empty arguments",
    hint="let the gateway write the arguments as JSON text, as the API does",
    check=check,
    where=has_calls,
)
