"""Later deltas of a tool call have "" for its id or name, which the first one gave (TL27)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, ProblemCode, Rule, Severity
from gate.observe.scopes import has_calls
from gate.rules.tools._calls import told

_MESSAGES = {
    ProblemCode.TOOL_ID_BLANK: "a later delta of a tool call has an empty text for its id",
    ProblemCode.TOOL_NAME_BLANK: "a later delta of a tool call has an empty text for its name",
}


def check(comparison: Comparison) -> Iterator[Drift]:
    """The API leaves both out; null for them is tool-null-fields'."""
    return told(comparison, _MESSAGES, "no such key")


RULE = Rule(
    id="tool-delta-blank",
    area="tools",
    # TL27: clients that take each value overwrite the id with nothing; those that join do not see it
    severity=Severity.RISKY,
    summary="later deltas of a tool call have an empty id or name",
    who_breaks="clients that copy id and name from each delta overwrite them: the result then answers no call",
    hint="leave id and name out of every delta but the first of a call",
    check=check,
    where=has_calls,
)
