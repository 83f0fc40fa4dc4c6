"""finish-reason-changed: words from outside the vocabulary, and tool calls that stop denies."""

from __future__ import annotations

from tests.rules_table import ASK_TOOL, Row, call, chunk, completion, plain, stream

CALLED = {"content": None, "tool_calls": [call()]}
NAMED = {**ASK_TOOL, "tool_choice": {"type": "function", "function": {"name": "get_weather"}}}

CASES = (
    Row(
        "TL16: the server hard-codes stop (openvinotoolkit/model_server 3927)",
        plain(completion(CALLED, "tool_calls"), ASK_TOOL),
        plain(completion(CALLED, "stop"), ASK_TOOL),
        ("breaking choices[0].finish_reason",),
    ),
    Row(
        "S15: Anthropic's own word leaks through the gateway",
        plain(completion()),
        plain(completion(finish="end_turn")),
        ("breaking choices[0].finish_reason",),
    ),
    Row(
        "TL16, benign twin: a named tool_choice ends with stop at OpenAI too",
        plain(completion(CALLED, "tool_calls"), NAMED),
        plain(completion(CALLED, "stop"), NAMED),
    ),
    Row(
        "S15, benign twin: native_finish_reason beside a normalised one",
        stream(chunk({"role": "assistant", "content": "Hi"}), chunk({}, "stop")),
        stream(chunk({"role": "assistant", "content": "Hi"}), chunk({}, "stop", native_finish_reason="STOP")),
    ),
)
