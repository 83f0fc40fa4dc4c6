"""Calls that are no functions of `tools`: custom tools, and the legacy `function_call`."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules_table import ASK, ROLE, TOOL, calling, chunk, completion, plain, stream

ASK_CUSTOM = {**ASK, "tools": [{"type": "custom", "custom": {"name": "run"}}], "tool_choice": "required"}
ASK_LEGACY = {**ASK, "functions": [TOOL["function"]]}

PART = "choices[0].delta.tool_calls[0].custom"
LEGACY = "choices[0].delta.function_call"


def custom(text: Any = "", name: str = "run", **changes: Any) -> dict[str, Any]:
    """The first delta of a custom tool's call, or the whole call of a plain answer."""
    return {"index": 0, "id": "call_1", "type": "custom", "custom": {"name": name, "input": text}, **changes}


def more(text: Any, **body: Any) -> dict[str, Any]:
    """A later delta of it."""
    return {"index": 0, "custom": {"input": text, **body}}


def running(*deltas: dict[str, Any]) -> Exchange:
    """A stream that calls a custom tool."""
    return calling(*deltas, request=ASK_CUSTOM)


def ran(text: Any, **changes: Any) -> Exchange:
    """A plain answer that calls a custom tool."""
    call = {key: value for key, value in custom(text, **changes).items() if key != "index"}
    return plain(completion({"content": None, "tool_calls": [call]}, "tool_calls"), ASK_CUSTOM)


RUN = running(custom(), more("ls "), more("-l"))


def legacy(*parts: Any) -> Exchange:
    """A stream with a `function_call`, one part in each chunk."""
    deltas = (chunk({"function_call": part}) for part in parts)
    return stream(ROLE, *deltas, chunk({}, "function_call"), request=ASK_LEGACY)


def wrote(call: Any) -> Exchange:
    """A plain answer with a `function_call`."""
    return plain(completion({"content": None, "function_call": call}, "function_call"), ASK_LEGACY)


OPEN = {"name": "get_weather", "arguments": ""}
START, END = {"arguments": '{"city": '}, {"arguments": '"Paris"}'}
WROTE = legacy(OPEN, START, END)
