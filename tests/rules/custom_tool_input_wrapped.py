"""custom-tool-input-wrapped: JSON around the input of a custom tool."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules import _responses as r
from tests.rules_table import ASK, Row, called

CALL = {"type": "custom_tool_call", "id": "ctc_1", "call_id": "call_1", "name": "apply_patch", "status": "completed"}
ASK_PATCH = {**r.ASK, "tools": [{"type": "custom", "name": "apply_patch"}]}
ASK_CHAT = {**ASK, "tools": [{"type": "custom", "custom": {"name": "apply_patch"}}]}


def patched(given: object) -> Exchange:
    return r.whole(r.response({**CALL, "input": given}), ASK_PATCH)


def chatted(given: str) -> Exchange:
    custom = {"name": "apply_patch", "input": given}
    return called({"id": "call_1", "type": "custom", "custom": custom}, request=ASK_CHAT)


PATCH = "*** Begin Patch"
WRAPPED = '{"input": "*** Begin Patch"}'

CASES = (
    Row(
        "TL35: the input is an object (antirez/ds4 745)",
        patched(PATCH),
        patched(WRAPPED),
        ("breaking output[0].input",),
    ),
    Row(
        "TL35: in chat",
        chatted(PATCH),
        chatted(WRAPPED),
        ("breaking choices[0].message.tool_calls[0].custom.input",),
    ),
    Row("TL35: the input in quotes", patched(PATCH), patched('"*** Begin Patch"'), ("breaking output[0].input",)),
    Row("a tool whose input is in quotes", patched('"a"'), patched('"b"')),
    Row("quotes in the text", patched(PATCH), patched('"a" or "b"')),
    Row("TL35, benign twin: another text", patched(PATCH), patched("*** End Patch")),
    Row("a tool whose input is JSON", patched('{"sql": "select 1"}'), patched('{"sql": "select 2"}')),
    Row("an object of several members is no wrapper", patched(PATCH), patched('{"a": "b", "c": "d"}')),
    Row("no call at all", patched(PATCH), r.whole(r.response(), ASK_PATCH)),
)
