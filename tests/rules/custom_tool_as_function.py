"""custom-tool-as-function: a custom tool called as a function."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules import _responses as r
from tests.rules_table import ASK, Row, call, called

CALL = {"type": "custom_tool_call", "id": "ctc_1", "call_id": "call_1", "name": "apply_patch", "status": "completed"}
ASK_PATCH = {**r.ASK, "tools": [{"type": "custom", "name": "apply_patch"}]}
ASK_CHAT = {**ASK, "tools": [{"type": "custom", "custom": {"name": "apply_patch"}}]}


def patched(**changes: Any) -> Exchange:
    return r.whole(r.response({**CALL, "input": "*** Begin Patch", **changes}), ASK_PATCH)


FUNCTION = r.function_call(name="apply_patch", arguments='{"patch": "*** Begin Patch"}')
CUSTOM = {"id": "call_1", "type": "custom", "custom": {"name": "apply_patch", "input": "*** Begin Patch"}}

CASES = (
    Row(
        "TL35: the call is a function_call (antirez/ds4 745)",
        patched(),
        r.whole(r.response(FUNCTION), ASK_PATCH),
        ("breaking output[0]",),
    ),
    Row(
        "TL35: in chat",
        called(CUSTOM, request=ASK_CHAT),
        called(call('{"input": "x"}', name="apply_patch"), request=ASK_CHAT),
        ("breaking choices[0].message.tool_calls[0]",),
    ),
    Row("TL35, benign twin: another patch", patched(), patched(call_id="call_2", input="*** End Patch")),
    Row(
        "the golden does so as well", r.whole(r.response(FUNCTION), ASK_PATCH), r.whole(r.response(FUNCTION), ASK_PATCH)
    ),
    Row("a text in place of the call is the model's choice", patched(), r.whole(r.response(), ASK_PATCH)),
)
