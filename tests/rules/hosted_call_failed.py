"""hosted-call-failed: tools of the provider that fail."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules import _responses as r
from tests.rules_table import Row

MCP = {
    "type": "mcp_call",
    "id": "mcp_1",
    "name": "search",
    "arguments": "{}",
    "server_label": "s",
    "status": "completed",
}


def said(**changes: Any) -> Exchange:
    return r.whole(r.response({**MCP, "error": None, "output": "ok", **changes}, r.message()))


def shared(*outputs: str) -> Exchange:
    """A tool that two servers have by the same name."""
    calls = (
        {**MCP, "id": f"mcp_{n}", "server_label": f"s{n}", "error": None, "output": output}
        for n, output in enumerate(outputs)
    )
    return r.whole(r.response(*calls, r.message()))


def twice(*outputs: str) -> Exchange:
    calls = ({**MCP, "id": f"mcp_{output}", "error": None, "output": output} for output in outputs)
    return r.whole(r.response(*calls, r.message()))


def listed(error: Any, *tools: Any) -> Exchange:
    item = {"type": "mcp_list_tools", "id": "mcpl_1", "server_label": "s", "tools": list(tools), "error": error}
    return r.whole(r.response(item, r.message()))


def drawn(status: str) -> Exchange:
    item = {"type": "image_generation_call", "id": "ig_1", "status": status, "result": "iVBORw0KGgoAAAAN"}
    return r.whole(r.response(item, r.message()))


def ran(code: str) -> Exchange:
    item = {"type": "code_interpreter_call", "id": "ci_1", "status": "completed", "container_id": "c", "code": code}
    return r.whole(r.response({**item, "outputs": None}, r.message()))


TOOL = {"name": "search", "input_schema": {"type": "object"}}

CASES = (
    Row("RS27: an MCP call has an error", said(), said(error="401 Unauthorized"), ("risky output[].error",)),
    Row("RS27: its status is failed", said(), said(status="failed"), ("risky output[].status",)),
    Row("RS27: it is incomplete", said(), said(status="incomplete"), ("risky output[].status",)),
    Row("RS27: the list of its tools", listed(None), listed({"code": 401}), ("risky output[].error",)),
    Row("RS27: an image", drawn("completed"), drawn("failed"), ("risky output[].status",)),
    Row("RS27: an MCP call brings nothing", said(), said(output=None), ("risky output[].output",)),
    Row("RS27: an empty text", said(), said(output=""), ("risky output[].output",)),
    Row("RS27, benign twin: a tool that has nothing to bring", said(), said(name="delete", output="")),
    Row("RS27: the second call", said(), twice("ok", ""), ("risky output[].output",)),
    Row("RS27: the first call", said(), twice("", "ok"), ("risky output[].output",)),
    Row("the golden's brings nothing once", twice("ok", ""), said(output="")),
    Row("the golden's brings nothing", said(output=None), said(output="")),
    Row("RS27: a server without tools", listed(None, TOOL), listed(None), ("risky output[].tools",)),
    Row("RS27, benign twin: another tool", listed(None, TOOL), listed(None, {**TOOL, "name": "find"}, TOOL)),
    Row("RS27: no code was run", ran("1 + 1"), ran(""), ("risky output[].code",)),
    Row("RS27, benign twin: other code", ran("1 + 1"), ran("print(2)")),
    Row("RS27, benign twin: another output", said(), said(output="none found")),
    Row("the golden fails as well", said(status="failed"), said(error="timeout")),
    Row("one of two servers brings nothing any more", shared("ok", ""), shared("", "ok"), ("risky output[].output",)),
)
