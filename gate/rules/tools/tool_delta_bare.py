"""A later delta of a tool call has no function, or custom tool, in it: null, {} or absent (TL28)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gate.model import Comparison, Drift, ProblemCode, Rule, Severity
from gate.observe.scopes import has_calls
from gate.rules.tools._calls import told

_MESSAGES = {
    ProblemCode.TOOL_FUNCTION_BARE: "a later delta of a tool call has no function",
}


def check(comparison: Comparison) -> Iterator[Drift]:
    """An empty text as arguments is harmless; an empty object is read by code that looks for its members."""
    for drift in told(comparison, _MESSAGES, "function.arguments in each delta"):
        # no helper of an SDK reads the deltas of custom tools
        lighter = drift.candidate == "{}" or drift.path.endswith(".custom")
        yield replace(drift, severity=Severity.RISKY) if lighter else drift


RULE = Rule(
    id="tool-delta-bare",
    area="tools",
    # docs/clients.md: openai-python's stream helper raises AssertionError on null and on nothing
    severity=Severity.BREAKING,
    summary="a delta of a tool call has no function",
    who_breaks="code that reads delta.tool_calls[0].function.arguments: NoneType has no attribute, undefined",
    hint="drop the padding delta in the gateway, or send it with empty arguments",
    check=check,
    where=has_calls,
)
