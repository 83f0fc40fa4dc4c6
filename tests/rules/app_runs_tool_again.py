"""app-runs-tool-again: the connection drops after a tool call."""

from __future__ import annotations

from tests.rules._app import asked
from tests.rules_table import ASK, Row

FRESH = dict(ASK)
RESULT = {**ASK, "messages": [*ASK["messages"], {"role": "tool", "tool_call_id": "call_1", "content": "12.4"}]}
LEGACY = {**ASK, "messages": [*ASK["messages"], {"role": "function", "name": "get_weather", "content": "12.4"}]}
OUTPUT = {"model": "m", "input": [{"type": "function_call_output", "call_id": "call_1", "output": "12.4"}]}
ONCE = asked(FRESH, RESULT)

CASES = (
    Row("it begins anew, and pays twice", ONCE, asked(FRESH, RESULT, FRESH, RESULT), ("breaking executions",)),
    Row(
        "the Responses API",
        asked({"input": []}, OUTPUT),
        asked({"input": []}, OUTPUT, FRESH, OUTPUT),
        ("breaking executions",),
    ),
    Row(
        "the result of a legacy function",
        asked(FRESH, LEGACY),
        asked(FRESH, LEGACY, FRESH, LEGACY),
        ("breaking executions",),
    ),
    Row("it sends the result again, without an id", ONCE, asked(FRESH, RESULT, RESULT), ("info request.id",)),
    *(
        Row(f"with a {name} that stays", ONCE, asked(FRESH, RESULT, RESULT, **{name: "k1"}))
        for name in ("idempotency_key", "x_request_id", "x_client_request_id")
    ),
    Row("it asks again before any tool was called", ONCE, asked(FRESH, FRESH, RESULT)),
    Row("two turns, each with a tool", asked(FRESH, RESULT, FRESH, RESULT), asked(FRESH, RESULT, FRESH, RESULT)),
    Row("what is no conversation", ONCE, asked([], {"input": "a"}, {"messages": []}, {"messages": ["a"]})),
)
