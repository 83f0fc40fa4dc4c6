"""A built-in tool was not used: no item of its call where every golden sample has one (RS20)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member, members
from gate.model import Comparison, Drift, Observation, Pair, Rule, Severity
from gate.observe.items import built_in_calls, output
from gate.observe.request import asked, forces_tool
from gate.observe.scopes import is_responses
from gate.wire.shape import show

_LIST = "mcp_list_tools"


def check(comparison: Comparison) -> Iterator[Drift]:
    """Searches, code, images, a computer, MCP and what it asks leave for; how often a tool is called is the model's
    choice, never is a sign."""
    for pair in comparison.answers:
        usual = frozenset.intersection(*map(built_in_calls, pair.golden))
        lost = sorted(usual - built_in_calls(pair.candidate) - _excused(pair.candidate))
        if _LIST not in (*lost, *_excused(pair.candidate)):
            yield from _unlisted(pair)
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


def _unlisted(pair: Pair) -> Iterator[Drift]:
    """The tools of each MCP server are listed, whatever the model chooses."""
    for label in sorted(frozenset.intersection(*map(_listed, pair.golden)) - _listed(pair.candidate))[:1]:
        yield pair.drift(
            path="output",
            message=f"the tools of the MCP server {label} are not listed",
            golden=_LIST,
            candidate="no such item",
        )


def _listed(observation: Observation) -> frozenset[str]:
    """The labels as they are shown: they may be any JSON value."""
    listed = (item for item in output(observation) if member(item, "type") == _LIST)
    return frozenset(show(member(item, "server_label"), 60) for item in listed)


def _excused(observation: Observation) -> frozenset[str]:
    """The list of MCP tools, where an earlier turn has it: it is only asked for again where the context lacks it.

    https://platform.openai.com/docs/guides/tools-remote-mcp
    """
    earlier = any(asked(observation, key) for key in ("previous_response_id", "conversation"))
    brought = any(member(item, "type") == _LIST for item in members(observation.request, "input"))
    return frozenset({_LIST}) if earlier or brought else frozenset()


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
