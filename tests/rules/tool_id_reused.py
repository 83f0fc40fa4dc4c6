"""tool-id-reused: ids that restart."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules import _responses as r
from tests.rules_table import ASK, ASK_TOOL, Row, call, completion, plain

ID = "choices[0].message.tool_calls[0].id"


def said(number: int, identity: str, request: Any = ASK_TOOL) -> Exchange:
    message = {"content": None, "tool_calls": [call(id=identity)]}
    return plain(completion(message, "tool_calls", id=f"chatcmpl-{number}"), request)


def after(identity: str) -> dict[str, Any]:
    """The request of a second turn, after a call."""
    turn = {"role": "assistant", "content": None, "tool_calls": [call(id=identity)]}
    result = {"role": "tool", "tool_call_id": identity, "content": "4"}
    return {**ASK_TOOL, "messages": [*ASK["messages"], turn, result]}


TOOL = {"type": "function", "name": "get_weather", "parameters": {"type": "object"}}
DONE = {"type": "function_call_output", "call_id": "call_1", "output": "4"}
SECOND = {**r.ASK, "tools": [TOOL], "input": [r.function_call(), DONE]}
GOLDEN = [said(1, "call_a"), said(2, "call_b")]

CASES = (
    Row(
        "TL34: each answer starts at call_0 (fw-ai/fireconnect 16)",
        GOLDEN,
        [said(3, "call_0"), said(4, "call_0")],
        (f"risky {ID}",),
    ),
    Row(
        "TL34: within a conversation",
        said(1, "call_b", after("call_a")),
        said(2, "call_0", after("call_0")),
        (f"risky {ID}",),
    ),
    Row(
        "TL34: items of a response",
        r.whole(r.response(r.function_call(call_id="call_2")), SECOND),
        r.whole(r.response(r.function_call()), SECOND),
        ("risky output[0].call_id",),
    ),
    Row("TL34, benign twin: ids of another form", GOLDEN, [said(3, "get:0"), said(4, "get:1")]),
    Row("the golden's ids restart too", [said(1, "a"), said(2, "a")], [said(3, "call_0"), said(4, "call_0")]),
    Row("the very same answer comes from a cache", GOLDEN, [said(3, "call_0"), said(3, "call_0")]),
    Row("one golden sample shows nothing", said(1, "call_a"), [said(3, "call_0"), said(4, "call_0")]),
    Row(
        "the golden repeats an id in a conversation",
        said(1, "call_a", after("call_a")),
        said(1, "call_a", after("call_a")),
    ),
    Row(
        "TL34: the request brings the result alone, and names the response before it",
        r.whole(
            r.response(r.function_call(call_id="call_2")), {**SECOND, "input": [DONE], "previous_response_id": "r"}
        ),
        r.whole(r.response(r.function_call()), {**SECOND, "input": [DONE], "previous_response_id": "r"}),
        ("risky output[0].call_id",),
    ),
)
