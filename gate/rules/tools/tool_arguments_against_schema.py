"""Arguments that break the JSON Schema that the request has for the tool."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity, ToolCall
from gate.observe.answer import shown
from gate.observe.breaches import Breach, breaches, read
from gate.observe.request import Tool, tools
from gate.observe.scopes import has_calls
from gate.rules.tools._calls import first_call, function_path, whole_calls


def check(comparison: Comparison) -> Iterator[Drift]:
    """Breaches of the tool's own schema that no golden sample has; extra keys and values weigh less than types.

    A route that refuses the schema itself (TL24) is request-rejected's.
    """
    broken = [(pair, *breach) for pair in comparison.pairs for breach in _breaches(pair.candidate)]
    excused = shown(comparison.golden if broken else (), _keys)
    for pair, call, tool, breach in broken:
        if (tool.name, *breach.key) not in excused:
            yield pair.drift(
                path=breach.below(function_path(call, "arguments")),
                message=f"{breach.path or 'the arguments'} {breach.detail}",
                golden=breach.detail,
                candidate=breach.evidence(call.arguments),
                severity=Severity.BREAKING if tool.strict or breach.of_shape else Severity.RISKY,
                at=first_call(pair.candidate),
            )


def _keys(observation: Observation) -> Iterator[tuple[str, str, str]]:
    return ((tool.name, *breach.key) for _, tool, breach in _breaches(observation))


def _breaches(observation: Observation) -> Iterator[tuple[ToolCall, Tool, Breach]]:
    offered = tools(observation)
    for call in whole_calls(observation) if offered else ():
        tool = offered.get(call.name) if isinstance(call.name, str) else None
        arguments = read(call.arguments).value if isinstance(call.arguments, str) else call.arguments
        if tool and isinstance(arguments, dict):
            yield from ((call, tool, breach) for breach in breaches(tool.schema, arguments))


RULE = Rule(
    id="tool-arguments-against-schema",
    area="tools",
    # as SO07: functions miss a parameter; values and extra keys are risky unless the tool is strict
    severity=Severity.BREAKING,
    summary="the arguments of a tool call break the schema of the tool",
    who_breaks="functions lack a parameter or get a string for a number; validators reject the call",
    hint="check that the gateway passes the tool's schema and `strict` on, and that the server enforces them",
    check=check,
    where=has_calls,
)
