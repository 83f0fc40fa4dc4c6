"""The id of a tool call stands on every delta of it (TL36)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, ProblemCode, Rule, Severity
from gate.observe.scopes import has_calls
from gate.rules.tools._calls import told

_MESSAGES = {
    ProblemCode.TOOL_ID_REPEATED: "later deltas of a tool call repeat its id",
}


def check(comparison: Comparison) -> Iterator[Drift]:
    """The API has it in the first delta alone."""
    return told(comparison, _MESSAGES, "the id in the first delta")


RULE = Rule(
    id="tool-id-repeated",
    area="tools",
    # TL36: the helper of openai-python adds ids up, as names (TL08); others take the last one
    severity=Severity.RISKY,
    summary="the id of a tool call is repeated on its later deltas",
    who_breaks="the helper of openai-python makes call_1call_1 of it; OpenAI refuses ids above 40 characters",
    hint="send the id in the first delta of each call only",
    check=check,
    where=has_calls,
)
