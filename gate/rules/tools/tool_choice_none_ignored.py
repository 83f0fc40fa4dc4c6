"""A tool call although tool_choice is none."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.answer import numbered
from gate.observe.request import asked
from gate.rules.tools._calls import called, calls, first_call
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Calls that the request forbids, unless the golden calls all the same."""
    golden, candidate = comparison.golden, comparison.candidate
    if called(golden):
        return
    for sample, found in numbered(candidate):
        if asked(found, "tool_choice") == "none":
            for _, call in list(calls(found))[:1]:
                message = 'a tool call although tool_choice is "none"'
                evidence = "no tool call", f"a call of {show(call.name, 60)}"
                yield Drift(
                    path=call.path,
                    message=message,
                    golden=evidence[0],
                    candidate=evidence[1],
                    sample=sample,
                    severity=None,
                    frame=first_call(found)[0],
                    byte=first_call(found)[1],
                )


RULE = Rule(
    id="tool-choice-none-ignored",
    area="tools",
    severity=Severity.BREAKING,
    summary="a tool is called although the request forbids it",
    who_breaks="code that asked for text alone reads content, which is null, and has nobody to run the tool",
    hint="let the gateway drop the tools from the request when tool_choice is none",
    check=check,
)
