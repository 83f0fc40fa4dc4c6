"""A request with tools and a response format is answered with the other of the two (SO08)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import answered, choices
from gate.observe.request import asked, forces_tool
from gate.observe.request import output as demand
from gate.wire.shape import show

Way = Literal["tool calls", "a JSON text", ""]


def check(comparison: Comparison) -> Iterator[Drift]:
    """Calls where every golden sample has JSON, or JSON where every one has calls."""
    ways = {_way(golden) for golden in comparison.golden}
    if len(ways) > 1 or "" in ways:
        return
    usual = min(ways)
    for pair in comparison.pairs:
        way = _way(pair.candidate)
        # a demanded call that is missing is tool-choice-ignored's
        if way and way != usual and not forces_tool(pair.candidate):
            # the first choice: requests with tools ask for one
            choice = choices(pair.candidate)[0]
            yield pair.drift(
                path=choice.path,
                message=f"with tools and response_format, {way} instead of {usual}",
                golden=usual,
                candidate=show(choice.text) if choice.text else way,
            )


def _way(observation: Observation) -> Way:
    """How a request with both was answered; "" where it has not both, or where the answer has both."""
    both = asked(observation, "tools") and demand(observation)
    if not (both and answered(observation) and choices(observation)):
        return ""
    choice = choices(observation)[0]
    if choice.tool_calls:
        return "" if choice.text.strip() else "tool calls"
    return "a JSON text" if choice.text.strip() and not choice.refusal else ""


RULE = Rule(
    id="json-precedence",
    area="structured",
    # SO08: an agent goes on, in another way than the golden
    severity=Severity.RISKY,
    summary="a request with tools and response_format gets a JSON text instead of tool calls, or the reverse",
    who_breaks="agents that expect calls get the final answer and never run a tool, or the reverse",
    hint="send tools and response_format in separate requests, or choose a server that ranks them as the golden does",
    check=check,
)
