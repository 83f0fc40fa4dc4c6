"""tool-type-missing: calls without their type."""

from __future__ import annotations

from tests.rules_table import Row, call, called, calling

HEAD = {"index": 0, **call("")}
REST = {"index": 0, "function": {"arguments": '{"city": "Paris"}'}}


CASES = (
    Row(
        "TL11: Mistral leaves type out (mistral-chat-j-5b5a667c54)",
        called(call()),
        called({k: v for k, v in call().items() if k != "type"}),
        ("breaking choices[0].message.tool_calls[0].type",),
    ),
    Row(
        'TL11: type is "" in the head delta (vercel/ai 6041)',
        calling(HEAD, REST),
        calling({**HEAD, "type": ""}, REST),
        ("breaking choices[0].delta.tool_calls[0].type",),
    ),
    Row(
        "TL11: type comes late",
        calling(HEAD, REST),
        calling({**HEAD, "type": None}, {**REST, "type": "function"}),
        ("breaking choices[0].delta.tool_calls[0].type",),
    ),
    Row(
        "TL11, more general: a type that no client knows",
        called(call()),
        called(call(type="tool_use")),
        ("breaking choices[0].message.tool_calls[0].type",),
    ),
    Row(
        "TL11, benign twin: type on continuation deltas comes and goes",
        calling(HEAD, {**REST, "type": "function"}),
        calling(HEAD, REST),
    ),
    Row("the golden has the same", called(call(type=None)), called(call(type=None))),
    Row(
        'TL11: type is "" on the deltas that go on',
        calling(HEAD, REST),
        calling(HEAD, {**REST, "type": ""}),
        ("risky choices[0].delta.tool_calls[0].type",),
    ),
)
