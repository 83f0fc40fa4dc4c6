"""tool-arguments-empty: no arguments to parse."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules import _bodies as b
from tests.rules_table import ASK_TOOL, ROLE, Row, call, chunk, completion, plain, stream

ASK = {**ASK_TOOL, "tools": [{"type": "function", "function": {"name": "now", "parameters": {"type": "object"}}}]}


def called(arguments: object) -> Exchange:
    return plain(completion({"content": None, "tool_calls": [call(arguments, name="now")]}, "tool_calls"), ASK)


def streamed(*parts: str | None) -> Exchange:
    head: dict[str, Any] = {"index": 0, **call(parts[0], name="now")}
    if parts[0] is None:
        del head["function"]["arguments"]
    rest = [{"index": 0, "function": {"arguments": part}} for part in parts[1:]]
    return stream(ROLE, *(chunk({"tool_calls": [d]}) for d in (head, *rest)), chunk({}, "tool_calls"), request=ASK)


def nulled(*parts: str) -> Exchange:
    head = {"index": 0, **call(None, name="now")}
    rest = [{"index": 0, "function": {"arguments": part}} for part in parts]
    return stream(ROLE, *(chunk({"tool_calls": [d]}) for d in (head, *rest)), chunk({}, "tool_calls"), request=ASK)


FIRES = ("breaking choices[0].message.tool_calls[0].function.arguments",)

CASES = (
    Row('TL14: "" for a call without parameters (sigoden/aichat 1217)', called("{}"), called(""), FIRES),
    Row("TL14: null", called("{}"), called(None), FIRES),
    Row("TL26: no arguments delta at all (vllm-project/vllm 37098)", streamed("", "{}"), streamed(None), FIRES),
    Row("TL14, benign twin: an empty head and fragments after it", streamed("{}"), streamed("", "{", "}")),
    Row('TL26, benign twin: one delta with name and "{}"', streamed("", "{}"), streamed("{}")),
    Row("the golden's parameterless calls are empty too", called(""), called("")),
    Row("null at the start, fragments after it", streamed("", "{}"), nulled("{}")),
    Row(
        "a function_call with a name alone",
        b.WROTE,
        b.legacy({"name": "get_weather"}),
        ("breaking choices[0].message.function_call.arguments",),
    ),
    Row(
        "the input of a custom tool is null",
        b.ran("ls"),
        b.ran(None),
        ("breaking choices[0].message.tool_calls[0].custom.input",),
    ),
    Row(
        "the input of a custom tool never comes",
        b.RUN,
        b.running(b.custom()),
        ("risky choices[0].message.tool_calls[0].custom.input",),
    ),
    Row("benign twin: the input in one delta", b.RUN, b.running(b.custom("ls"))),
    Row("the golden's input is empty, too", b.ran(""), b.ran("")),
)
