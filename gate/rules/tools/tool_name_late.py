"""The name of the called function is not in the first delta of its call (TL30)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, ProblemCode, Rule, Severity
from gate.observe.scopes import has_calls
from gate.rules.tools._calls import told

_MESSAGES = {
    ProblemCode.TOOL_NAME_LATE: "the first delta of a tool call has no function name; it comes later",
}


def check(comparison: Comparison) -> Iterator[Drift]:
    """A call that never gets a name is tool-name-missing's."""
    return told(comparison, _MESSAGES, "the name in the first delta")


RULE = Rule(
    id="tool-name-late",
    area="tools",
    # TL30: AI SDK raises at a first delta without a name
    severity=Severity.BREAKING,
    summary="the function's name comes after the first delta of its call",
    who_breaks='AI SDK raises "Expected function.name to be a string"; others open a call without a name',
    hint="send id, type and name in the first delta of each call",
    check=check,
    where=has_calls,
)
