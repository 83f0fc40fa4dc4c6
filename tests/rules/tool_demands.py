"""The family of demanded and announced calls: prose instead of them."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules_table import ASK_TOOL, ROLE, Row, call, chunk, completion, plain, stream

AUTO = {**ASK_TOOL, "tool_choice": "auto"}
NAMED = {**ASK_TOOL, "tool_choice": {"type": "function", "function": {"name": "get_weather"}}}
ALLOWED = {**ASK_TOOL, "tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": []}}}


def called(request: Any = ASK_TOOL, finish: str = "tool_calls") -> Exchange:
    return plain(completion({"content": None, "tool_calls": [call()]}, finish), request)


def said(request: Any = ASK_TOOL, finish: str = "stop", **message: Any) -> Exchange:
    return plain(completion({"content": "I will call the function now.", **message}, finish), request)


FIRES = ("breaking choices[0].message.tool_calls",)
LEGACY = {"function_call": {"name": "get_weather", "arguments": '{"city": "Paris"}'}}

TIME = {"type": "function", "function": {"name": "get_time", "parameters": {"type": "object", "properties": {}}}}
TWO = {**NAMED, "tools": [*ASK_TOOL["tools"], TIME]}
OTHER = plain(completion({"content": None, "tool_calls": [call("{}", name="get_time")]}, "tool_calls"), TWO)
HELLO = (ROLE, chunk({"content": "Hello."}))
ANNOUNCED = ("breaking tool-call-announced choices[0].finish_reason",)


def two(finish: str, *, called: bool = True) -> Exchange:
    """Two choices, the first with a call."""
    both = [completion({"content": None, "tool_calls": [call()]}, "tool_calls")["choices"][0]]
    message = {"content": None, "tool_calls": [call()]} if called else {}
    both += [{**completion(message, finish)["choices"][0], "index": 1}]
    return plain(completion(choices=both), {**AUTO, "n": 2})


CASES = (
    Row(
        "TL19: required produces prose (Blaizzy/mlx-vlm 1045)",
        called(),
        said(),
        ("breaking tool-choice-ignored choices[0].message.tool_calls",),
    ),
    Row(
        "TL19: a named tool produces prose (ollama-chat-j-157a257467)",
        called(NAMED, "stop"),
        said(NAMED),
        ("breaking tool-choice-ignored choices[0].message.tool_calls",),
    ),
    Row(
        "S29, more general: the call is a function_call",
        called(AUTO),
        said(AUTO, "function_call", content=None, **LEGACY),
        ("breaking tool-call-form-changed choices[0].message.tool_calls",),
        ("risky field-added choices[0].message.function_call",),
    ),
    Row(
        "finish_reason announces a call under auto",
        called(AUTO),
        said(AUTO, "tool_calls", content=None),
        ("breaking tool-call-announced choices[0].message.tool_calls",),
    ),
    Row("TL19, benign twin: auto produces prose", called(AUTO), said(AUTO)),
    Row("B26: not in two samples under auto", [called(AUTO), called(AUTO)], [said(AUTO), said(AUTO)]),
    Row("allowed tools, but none demanded", called(ALLOWED), said(ALLOWED)),
    Row("the golden has no call either", [called(), said()], said()),
    Row("a refusal is an outcome of its own", called(), said(content=None, refusal="No.")),
    Row(
        "TL32: finish_reason is tool_calls on an answer in text (NousResearch/hermes-agent 75926)",
        plain(completion(), AUTO),
        plain(completion(finish="tool_calls"), AUTO),
        ANNOUNCED,
    ),
    Row("TL32: in a stream", stream(*HELLO, chunk({}, "stop")), stream(*HELLO, chunk({}, "tool_calls")), ANNOUNCED),
    Row("TL32: the legacy word", plain(completion()), plain(completion(finish="function_call")), ANNOUNCED),
    Row("TL32, benign twin: a call that is there", plain(completion(), AUTO), called(AUTO)),
    Row("the golden announces as well", plain(completion(finish="tool_calls")), plain(completion(finish="tool_calls"))),
    Row(
        "calls in an object, by their index",
        called(),
        said(content=None, tool_calls={"0": call()}),
        ("breaking tool-calls-in-object choices[0].message.tool_calls",),
        ("breaking field-type-changed choices[0].message.tool_calls",),
    ),
    Row(
        "another function than the named one",
        called(TWO),
        OTHER,
        ("breaking tool-choice-other choices[0].message.tool_calls[0].function.name",),
    ),
    Row("the golden calls another one as well", OTHER, OTHER),
    Row(
        "TL32: the second choice announces a call that it has not",
        two("tool_calls"),
        two("tool_calls", called=False),
        ("breaking tool-call-announced choices[1].finish_reason",),
    ),
    Row("TL32, benign twin: the second choice answers in text", two("tool_calls"), two("stop", called=False)),
)
