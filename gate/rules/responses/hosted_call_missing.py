"""A built-in tool was not used: no item of its call where every golden sample has one (RS20)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.items import built_in_calls
from gate.observe.request import forces_tool
from gate.observe.scopes import is_responses


def check(comparison: Comparison) -> Iterator[Drift]:
    """Searches, code, images, MCP, a computer; how often a tool is called is the model's choice, never is a sign."""
    for pair in comparison.answers:
        usual = frozenset.intersection(*map(built_in_calls, pair.golden))
        lost = sorted(usual - built_in_calls(pair.candidate))
        if lost:
            forced = forces_tool(pair.candidate)
            yield pair.drift(
                path="output",
                message=f"the answer has no {' and no '.join(lost)}"
                + (", although tool_choice demands a call" * forced),
                golden=", ".join(sorted(usual)),
                candidate=", ".join(sorted(built_in_calls(pair.candidate))) or "no such item",
                # under auto the model may do without, as with functions (B26)
                severity=Severity.BREAKING if forced else Severity.RISKY,
            )


RULE = Rule(
    id="hosted-call-missing",
    area="responses",
    # RS20: a gateway that drops tools which it does not know answers without them, in good prose
    severity=Severity.RISKY,
    summary="a built-in tool was never called",
    who_breaks="answers without the search, the document or the code they should rest on, and no error anywhere",
    hint="check that the gateway passes built-in tools and MCP servers on",
    check=check,
    where=is_responses,
)
