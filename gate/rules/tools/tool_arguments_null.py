"""A later delta of a tool call has null for its arguments (TL29)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, ProblemCode, Rule, Severity
from gate.observe.scopes import has_calls
from gate.rules.tools._calls import told

_MESSAGES = {
    ProblemCode.TOOL_ARGUMENTS_NULL: "a later delta of a tool call has null for its arguments",
}


def check(comparison: Comparison) -> Iterator[Drift]:
    """Null in the delta that opens the call is tool-null-fields'."""
    return told(comparison, _MESSAGES, "a text")


RULE = Rule(
    id="tool-arguments-null",
    area="tools",
    # TL29: text + null raises in Python and adds the word null in JavaScript; the SDKs' own accumulators skip it
    severity=Severity.RISKY,
    summary="a delta of a tool call has null for its arguments",
    who_breaks="code that adds up fragments: TypeError, or arguments with the word null in them",
    hint="send an empty text, or leave the key out",
    check=check,
    where=has_calls,
)
