"""tool-calls-empty: an empty list beside a text."""

from __future__ import annotations

from tests.rules_table import ASK_TOOL, ROLE, Row, call, called, chunk, completion, plain, stream

AUTO = {**ASK_TOOL, "tool_choice": "auto"}
END = chunk({}, "stop")


def said(**message: object) -> object:
    return completion({"content": "Hello.", **message})


CASES = (
    Row(
        "TL31: tool_calls is [] on an answer in text (vllm-project/vllm 44104)",
        plain(said()),
        plain(said(tool_calls=[])),
        ("risky choices[0].message.tool_calls",),
    ),
    Row(
        "TL31: in every delta",
        stream(ROLE, chunk({"content": "Hello."}), END),
        stream(ROLE, chunk({"content": "Hello.", "tool_calls": []}), END),
        ("risky choices[0].delta.tool_calls",),
    ),
    Row("TL31, benign twin: null", plain(said()), plain(said(tool_calls=None))),
    Row("the golden has it", plain(said(tool_calls=[])), plain(said(tool_calls=[]))),
    Row("a call or a text is the model's choice", called(call(), request=AUTO), plain(said(), AUTO)),
)
