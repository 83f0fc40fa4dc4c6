"""A tool of an MCP server is called without the leave that the golden asks for (RS31)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member
from gate.model import Comparison, Drift, Json, Observation, Rule, Severity
from gate.observe.items import output
from gate.observe.scopes import is_responses
from gate.wire.shape import show

_Tool = tuple[Json, Json]
"""The label of an MCP server, and the name of one of its tools."""


def check(comparison: Comparison) -> Iterator[Drift]:
    """The same tool of the same server, which every golden sample stops at and this one runs."""
    for pair in comparison.answers:
        guarded = [tool for tool in _asked(pair.golden[0]) if all(tool in _asked(golden) for golden in pair.golden)]
        free = [tool for golden in pair.golden for tool in _run(golden)]
        for tool in [tool for tool in _run(pair.candidate) if tool in guarded and tool not in free][:1]:
            yield pair.drift(
                path="output",
                message=f"{show(tool[1], 60)} of {show(tool[0], 60)} was run without asking for leave",
                golden="mcp_approval_request",
                candidate="mcp_call",
            )


# lists: a name may be any JSON value, so it may have no hash
def _asked(observation: Observation) -> list[_Tool]:
    return _tools(observation, "mcp_approval_request")


def _run(observation: Observation) -> list[_Tool]:
    return _tools(observation, "mcp_call")


def _tools(observation: Observation, kind: str) -> list[_Tool]:
    items = [item for item in output(observation) if member(item, "type") == kind]
    return [(member(item, "server_label"), member(item, "name")) for item in items]


RULE = Rule(
    id="approval-skipped",
    area="responses",
    # RS31: what a person should have been asked has been done
    severity=Severity.BREAKING,
    summary="an MCP tool runs without the approval that the golden asks for",
    who_breaks="whoever relies on require_approval: mail is sent, a payment made, and nobody was asked",
    hint="let the gateway pass require_approval on, and stop at mcp_approval_request",
    check=check,
    where=is_responses,
)
