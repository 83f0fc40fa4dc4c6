"""A tool of an MCP server is called without the leave that the golden asks for (RS31)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member
from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.items import output
from gate.observe.scopes import is_responses
from gate.wire.shape import show

_Tool = tuple[str, str]
"""The label of an MCP server, and the name of one of its tools, as they are shown: they may be any JSON value."""


# Names of functions have 64 characters at most: https://platform.openai.com/docs/api-reference/responses/create
_SHOWN = 80


def check(comparison: Comparison) -> Iterator[Drift]:
    """The same tool of the same server, which every golden sample stops at and this one runs."""
    for pair in comparison.answers:
        guarded = frozenset.intersection(*map(_asked, pair.golden))
        for server, tool in sorted((_run(pair.candidate) & guarded).difference(*map(_run, pair.golden)))[:1]:
            yield pair.drift(
                path="output",
                message=f"{tool} of {server} was run without asking for leave",
                golden="mcp_approval_request",
                candidate="mcp_call",
            )


def _asked(observation: Observation) -> frozenset[_Tool]:
    return _tools(observation, "mcp_approval_request")


def _run(observation: Observation) -> frozenset[_Tool]:
    return _tools(observation, "mcp_call")


def _tools(observation: Observation, kind: str) -> frozenset[_Tool]:
    items = [item for item in output(observation) if member(item, "type") == kind]
    return frozenset((show(member(item, "server_label"), _SHOWN), show(member(item, "name"), _SHOWN)) for item in items)


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
