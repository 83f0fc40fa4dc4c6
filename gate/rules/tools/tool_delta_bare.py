"""A later delta of a tool call has no function in it: null, {} or absent (TL28)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, ProblemCode, Rule, Severity
from gate.rules.tools._calls import told

_MESSAGES = {
    ProblemCode.TOOL_FUNCTION_BARE: "a later delta of a tool call has no function",
}


def check(comparison: Comparison) -> Iterator[Drift]:
    """An empty text as arguments is harmless."""
    return told(comparison, _MESSAGES, "function.arguments in each delta")


RULE = Rule(
    id="tool-delta-bare",
    area="tools",
    # TL28: the API has a function in each delta of a call; clients that guard it lose nothing
    severity=Severity.RISKY,
    summary="a delta of a tool call has no function",
    who_breaks="code that reads delta.tool_calls[0].function.arguments: NoneType has no attribute, undefined",
    hint="drop the padding delta in the gateway, or send it with empty arguments",
    check=check,
)
