"""tool-id-missing: calls that no result can answer."""

from __future__ import annotations

from tests.rules_table import Row, call, called, calling

HEAD = {"index": 0, **call("")}
REST = {"index": 0, "function": {"arguments": '{"city": "Paris"}'}}


CASES = (
    Row(
        "TL04: the forced-tool path leaves the id out of the head delta (vllm-project/vllm 18412)",
        calling(HEAD, REST),
        calling({k: v for k, v in HEAD.items() if k != "id"}, REST),
        ("breaking choices[0].delta.tool_calls[0].id",),
    ),
    Row(
        "TL04, more general: the id comes after the head, where AI SDK no longer accepts it",
        calling(HEAD, REST),
        calling({**HEAD, "id": ""}, {**REST, "id": "call_1"}),
        ("breaking choices[0].delta.tool_calls[0].id",),
    ),
    Row(
        "TL04, more general: an empty id in a plain answer",
        called(call()),
        called(call(id="")),
        ("breaking choices[0].message.tool_calls[0].id",),
    ),
    Row(
        "TL04, benign twin: no id on continuation deltas", calling(HEAD, {**REST, "id": "call_1"}), calling(HEAD, REST)
    ),
    Row("B01: another form of id", called(call()), called(call(id="D681PevKs"))),
    Row("the golden's calls have no id either", called(call(id=None)), called(call(id=None))),
)
