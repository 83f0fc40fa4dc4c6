"""line-separators-raw: line ends of Unicode inside of an event."""

from __future__ import annotations

import json

from gate.model import Exchange
from tests.rules_table import ROLE, Row, chunk, stream


def saying(text: str, key: str = "content", escaped: bool = False) -> Exchange:
    frame = b"data: " + json.dumps(chunk({key: text}), ensure_ascii=escaped).encode() + b"\n\n"
    return stream(ROLE, frame, chunk({}, "stop"))


CASES = (
    Row(
        "modelscope/evalscope 1642: U+2028 in the text",
        saying("a b"),
        saying("a\u2028b"),
        ("risky events",),
    ),
    Row(
        "U+0085 in the reasoning",
        saying("a", "reasoning_content"),
        saying("a\x85b", "reasoning_content"),
        ("risky events",),
    ),
    Row("escaped", saying("a b"), saying("a\u2028b", escaped=True)),
    Row("an emoji", saying("a"), saying("a 👋")),
    Row("the golden has it too", saying("a\u2029b"), saying("a\u2028b")),
)
