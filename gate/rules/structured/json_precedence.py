"""With tools and a response format in one request, the other of the two comes (SO08)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe import request as demands
from gate.observe.answer import answered, choices, numbered
from gate.observe.request import asked, forces_tool
from gate.wire.shape import show

Way = Literal["tool calls", "a JSON text", ""]


def check(comparison: Comparison) -> Iterator[Drift]:
    """Calls where every golden sample writes JSON, or JSON where every one calls."""
    golden, candidate = comparison.golden, comparison.candidate
    usual = {_way(g) for g in golden}
    if len(usual) > 1 or "" in usual:
        return
    for sample, found in numbered(candidate):
        now = _way(found)
        # a demanded call that does not come is told by tool-call-missing
        if now and now not in usual and not forces_tool(found):
            message = f"with tools and response_format, {now} in place of {min(usual)}"
            choice = choices(found)[0]
            yield Drift(
                path=choice.path,
                message=message,
                golden=min(usual),
                candidate=show(choice.text) if choice.text else now,
                sample=sample,
            )


def _way(found: Observation) -> Way:
    """How a request with both was answered; "" where it had not both, or where both came."""
    if not (answered(found) and asked(found, "tools") and demands.output(found) and choices(found)):
        return ""
    choice = choices(found)[0]
    if choice.tool_calls:
        return "" if choice.text.strip() else "tool calls"
    return "a JSON text" if choice.text.strip() and not choice.refusal else ""


RULE = Rule(
    id="json-precedence",
    area="structured",
    severity=Severity.RISKY,
    summary="a request with tools and response_format is answered the other way round",
    who_breaks="agents that expect calls get the final answer and never run a tool, or the reverse",
    hint="send tools and response_format in separate requests, or choose a server that ranks them as the golden does",
    check=check,
)
