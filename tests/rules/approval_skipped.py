"""approval-skipped: MCP tools that run before anybody was asked."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules import _responses as r
from tests.rules_table import Row

ALWAYS = {"type": "mcp", "server_label": "mail", "server_url": "https://mcp.test", "require_approval": "always"}
ASK = {**r.ASK, "tools": [ALWAYS]}


def asks(name: str = "send") -> dict[str, Any]:
    return {"type": "mcp_approval_request", "id": "mcpr_1", "server_label": "mail", "name": name, "arguments": "{}"}


def runs(name: str = "send", label: str = "mail") -> dict[str, Any]:
    head = {"type": "mcp_call", "id": "mcp_1", "status": "completed", "server_label": label, "name": name}
    return {**head, "arguments": "{}", "output": "sent", "error": None}


def said(*items: Any) -> Exchange:
    return r.whole(r.response(*items), ASK)


MISSING = ("risky hosted-call-missing output",)

CASES = (
    Row(
        "RS31: nobody was asked (smg-project/smg 159)",
        said(asks()),
        said(runs(), r.message()),
        ("breaking output",),
        MISSING,
    ),
    Row("RS31, benign twin: another id", said(asks()), said({**asks(), "id": "mcpr_2"})),
    Row("a tool that needs no leave, before the one that does", said(asks()), said(runs("list"), asks())),
    Row("the same name at another server", said(asks()), said(runs("send", "post"), asks())),
    Row("the golden asks in one sample alone", [said(asks()), said(runs(), r.message())], said(runs(), r.message())),
    Row("no call at all is hosted-call-missing's", said(asks()), said(r.message()), (), MISSING),
)
