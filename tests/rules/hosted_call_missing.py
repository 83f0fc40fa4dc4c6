"""hosted-call-missing: tools that the provider runs."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules import _responses as r
from tests.rules_table import Row

SEARCH: dict[str, Any] = {**r.ASK, "tools": [{"type": "web_search"}]}
FORCED = {**SEARCH, "tool_choice": "required"}
ITEM = {"type": "web_search_call", "id": "ws_1", "status": "completed", "action": {"type": "search", "query": "q"}}
MCP = {
    "type": "mcp_call",
    "id": "mcp_1",
    "name": "search",
    "arguments": "{}",
    "server_label": "s",
    "status": "completed",
}

LIST = {
    "type": "mcp_list_tools",
    "id": "mcpl_1",
    "server_label": "s",
    "tools": [{"name": "search", "input_schema": {}}],
}
ASKS = {"type": "mcp_approval_request", "id": "mcpr_1", "server_label": "s", "name": "search", "arguments": "{}"}
OTHER = {**LIST, "id": "mcpl_2", "server_label": "t"}
LATER = {**SEARCH, "previous_response_id": "resp_0"}


def said(*items: Any, request: Any = SEARCH) -> Exchange:
    return r.whole(r.response(*items, r.message()), request)


CASES = (
    Row("RS20: no search (theopenco/llmgateway 2992)", said(ITEM), said(), ("risky output",)),
    Row(
        "RS20: although tool_choice demands it", said(ITEM, request=FORCED), said(request=FORCED), ("breaking output",)
    ),
    Row("RS20: no MCP call", said(MCP), said(ITEM), ("risky output",)),
    *(
        Row(f"RS20: no {kind}", said({"type": kind, **item}), said(), ("risky output",))
        for kind, item in (
            ("mcp_list_tools", {"id": "mcpl_1", "server_label": "s", "tools": []}),
            ("image_generation_call", {"id": "ig_1", "status": "completed", "result": "iVBORw0KGgoAAAAN"}),
            ("computer_call", {"id": "cu_1", "status": "completed", "call_id": "call_1", "action": {"type": "wait"}}),
        )
    ),
    Row("RS20: no request for leave (smg-project/smg 159)", said(ASKS), said(), ("risky output",)),
    Row("RS20: one of two MCP servers", said(LIST, OTHER), said(LIST), ("risky output",)),
    Row("RS20, benign twin: the servers in another order", said(LIST, OTHER), said(OTHER, LIST)),
    Row("RS20: the tools of MCP are not listed in a first turn", said(LIST, MCP), said(MCP), ("risky output",)),
    *(
        Row(
            f"docs/guides/tools-remote-mcp: listed in an earlier turn, by {', '.join(earlier)}",
            said(LIST, MCP, request={**SEARCH, **earlier}),
            said(MCP, request={**SEARCH, **earlier}),
        )
        for earlier in (
            {"previous_response_id": "resp_0"},
            {"conversation": "conv_1"},
            {"input": [{"role": "user", "content": "Hi"}, LIST]},
        )
    ),
    Row(
        "an earlier turn is no reason not to search", said(ITEM, request=LATER), said(request=LATER), ("risky output",)
    ),
    Row("RS20, benign twin: two searches", said(ITEM), said(ITEM, {**ITEM, "id": "ws_2"})),
    Row("a golden sample does without", [said(ITEM), said()], said()),
    Row("one that only the candidate uses", said(), said(ITEM)),
)
