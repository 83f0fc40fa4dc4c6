"""A custom tool of the request is called as a function (TL35)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity, ToolCall
from gate.observe.alignment import unseen
from gate.observe.request import custom_tools
from gate.observe.scopes import has_calls
from gate.rules.tools._calls import calls
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """A client looks for `custom_tool_call` items, or calls of the type custom, and finds none."""
    for pair, call in unseen(comparison, _as_function):
        yield pair.drift(
            path=call.path,
            message="a custom tool of the request is called as a function, with JSON for its input",
            golden="a call of a custom tool",
            candidate=show(call.arguments, 80),
        )


def _as_function(observation: Observation) -> ToolCall | None:
    offered = custom_tools(observation)
    found = (call for _, call in calls(observation) if call.type != "custom" and isinstance(call.name, str))
    return next((call for call in found if call.name in offered), None)


RULE = Rule(
    id="custom-tool-as-function",
    area="tools",
    # TL35: the item has another type, so that clients do not see the call
    severity=Severity.BREAKING,
    summary="a custom tool is called as a function",
    who_breaks="agents that wait for custom_tool_call (apply_patch) find no call, or get JSON in place of the patch",
    hint="let the gateway turn the call back into the form of the tool that was offered",
    check=check,
    where=has_calls,
)
