"""A tool call although tool_choice is none."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.request import asked
from gate.observe.scopes import has_calls
from gate.rules.tools._calls import called, calls, first_call
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Calls that the request forbids, unless the golden calls all the same."""
    if called(comparison.golden):
        return
    for pair in comparison.pairs:
        if asked(pair.candidate, "tool_choice") == "none":
            for _, call in list(calls(pair.candidate))[:1]:
                yield pair.drift(
                    path=call.path,
                    message='a tool call although tool_choice is "none"',
                    golden="no tool call",
                    candidate=f"a call of {show(call.name, 60)}",
                    at=first_call(pair.candidate),
                )


RULE = Rule(
    id="tool-choice-none-ignored",
    area="tools",
    # TL19 the other way round: content is null, and the client has no tool to run
    severity=Severity.BREAKING,
    summary="a tool is called although the request forbids it",
    who_breaks="code that asked for text reads content, which is null, and cannot run the tool",
    hint="let the gateway remove the tools from the request when tool_choice is none",
    check=check,
    where=has_calls,
)
