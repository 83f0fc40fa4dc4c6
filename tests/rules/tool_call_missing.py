"""tool-call-missing: prose instead of a demanded call."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules_table import ASK_TOOL, Row, call, completion, plain

AUTO = {**ASK_TOOL, "tool_choice": "auto"}
NAMED = {**ASK_TOOL, "tool_choice": {"type": "function", "function": {"name": "get_weather"}}}
ALLOWED = {**ASK_TOOL, "tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": []}}}


def called(request: Any = ASK_TOOL, finish: str = "tool_calls") -> Exchange:
    return plain(completion({"content": None, "tool_calls": [call()]}, finish), request)


def said(request: Any = ASK_TOOL, finish: str = "stop", **message: Any) -> Exchange:
    return plain(completion({"content": "I will call the function now.", **message}, finish), request)


FIRES = ("breaking choices[0].message.tool_calls",)
LEGACY = {"function_call": {"name": "get_weather", "arguments": '{"city": "Paris"}'}}

CASES = (
    Row("TL19: required produces prose (Blaizzy/mlx-vlm 1045)", called(), said(), FIRES),
    Row("TL19: a named tool produces prose (ollama-chat-j-157a257467)", called(NAMED, "stop"), said(NAMED), FIRES),
    Row(
        "S29, more general: the call is a function_call",
        called(AUTO),
        said(AUTO, "function_call", content=None, **LEGACY),
        FIRES,
        ("risky field-added choices[0].message.function_call",),
    ),
    Row("finish_reason announces a call under auto", called(AUTO), said(AUTO, "tool_calls", content=None), FIRES),
    Row("TL19, benign twin: auto produces prose", called(AUTO), said(AUTO)),
    Row("B26: not in two samples under auto", [called(AUTO), called(AUTO)], [said(AUTO), said(AUTO)]),
    Row("allowed tools, but none demanded", called(ALLOWED), said(ALLOWED)),
    Row("the golden has no call either", [called(), said()], said()),
    Row("a refusal is an outcome of its own", called(), said(content=None, refusal="No.")),
)
