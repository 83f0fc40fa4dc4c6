"""deltas-joined: two kinds of content in one delta."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules_table import ROLE, Row, calling, chunk, stream

CALL = {"index": 0, "id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}


def thinking(*deltas: dict[str, Any]) -> Exchange:
    return stream(ROLE, *map(chunk, deltas), chunk({}, "stop"))


APART = thinking({"reasoning_content": "Hm."}, {"content": "Hi"}, {"content": "."})
JOINED = thinking({"reasoning_content": "Hm.", "content": "Hi"}, {"content": "."})

CASES = (
    Row("BerriAI/litellm 27492: the last thought and the first word", APART, JOINED, ("info choices[0].delta",)),
    Row(
        "text and a call",
        stream(ROLE, chunk({"content": "Let me look."}), chunk({"tool_calls": [CALL]}), chunk({}, "tool_calls")),
        stream(ROLE, chunk({"content": "Let me look.", "tool_calls": [CALL]}), chunk({}, "tool_calls")),
        ("info choices[0].delta",),
    ),
    Row("the golden joins them too", JOINED, JOINED),
    Row(
        "a role beside a text",
        APART,
        stream(
            chunk({"role": "assistant", "reasoning_content": "Hm."}), *[chunk({"content": "Hi"}), chunk({}, "stop")]
        ),
    ),
    Row("calls alone", calling(CALL), calling(CALL)),
)
