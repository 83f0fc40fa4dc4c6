"""Arguments that break the JSON Schema which the request gave for the tool."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import MISSING, Comparison, Drift, Observation, Rule, Severity, ToolCall
from gate.observe.answer import numbered, shown
from gate.observe.breaches import Breach, breaches, read
from gate.observe.request import Tool, tools
from gate.rules.tools._calls import first_call, function_path, whole_calls
from gate.wire.shape import indexless, show

_SHAPE = frozenset({"type", "required"})


def check(comparison: Comparison) -> Iterator[Drift]:
    """Breaches of the tool's own schema that no golden sample shows; extra keys and values weigh less than types.

    A route that refuses the schema itself (TL24) is told by request-rejected.
    """
    golden, candidate = comparison.golden, comparison.candidate
    excused: frozenset[tuple[str, str, str]] | None = None
    for sample, found in numbered(candidate):
        for call, tool, breach in _breaches(found):
            if excused is None:
                excused = shown(golden, lambda g: [_key(t, b) for _, t, b in _breaches(g)])
            if _key(tool, breach) not in excused:
                severity = Severity.BREAKING if tool.strict or breach.keyword in _SHAPE else Severity.RISKY
                path = breach.below(function_path(call, "arguments"))
                message = f"{breach.path or 'the arguments'} {breach.detail}"
                evidence = breach.detail, _evidence(call, breach)
                yield Drift(
                    path=path,
                    message=message,
                    golden=evidence[0],
                    candidate=evidence[1],
                    sample=sample,
                    severity=severity,
                    frame=first_call(found)[0],
                    byte=first_call(found)[1],
                )


def _breaches(found: Observation) -> Iterator[tuple[ToolCall, Tool, Breach]]:
    offered = tools(found)
    for call in whole_calls(found) if offered else ():
        tool = offered.get(call.name) if isinstance(call.name, str) else None
        arguments = read(call.arguments).value if isinstance(call.arguments, str) else call.arguments
        if tool and isinstance(arguments, dict):
            yield from ((call, tool, breach) for breach in breaches(tool.schema, arguments))


def _key(tool: Tool, breach: Breach) -> tuple[str, str, str]:
    return tool.name, indexless(breach.path), breach.keyword


def _evidence(call: ToolCall, breach: Breach) -> str:
    return show(call.arguments if breach.value is MISSING else breach.value)


RULE = Rule(
    id="tool-arguments-against-schema",
    area="tools",
    severity=Severity.BREAKING,
    summary="the arguments of a tool call break the schema of the tool",
    who_breaks="functions get a parameter too few, or a string for a number; validators reject the call",
    hint="check that the gateway passes the tool's schema and `strict` on, and that the server enforces them",
    check=check,
)
