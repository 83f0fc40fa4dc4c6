"""tool-call-announced: calls that are announced and not there."""

from __future__ import annotations

from tests.rules_table import ASK_TOOL, ROLE, Row, call, called, chunk, completion, plain, stream

AUTO = {**ASK_TOOL, "tool_choice": "auto"}
FINISH = ("breaking choices[0].finish_reason",)
HELLO = (ROLE, chunk({"content": "Hello."}))

CASES = (
    Row(
        "TL32: finish_reason is tool_calls on an answer in text (NousResearch/hermes-agent 75926)",
        plain(completion(), AUTO),
        plain(completion(finish="tool_calls"), AUTO),
        FINISH,
    ),
    Row("TL32: in a stream", stream(*HELLO, chunk({}, "stop")), stream(*HELLO, chunk({}, "tool_calls")), FINISH),
    Row("TL32: the legacy word", plain(completion()), plain(completion(finish="function_call")), FINISH),
    Row("TL32, benign twin: a call that is there", plain(completion(), AUTO), called(call(), request=AUTO)),
    Row("the golden announces as well", plain(completion(finish="tool_calls")), plain(completion(finish="tool_calls"))),
)
