"""tool-choice-none-ignored: a call that the request forbids."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules_table import ASK_TOOL, Row, call, completion, plain

NONE = {**ASK_TOOL, "tool_choice": "none"}
AUTO = {**ASK_TOOL, "tool_choice": "auto"}


def called(request: Any) -> Exchange:
    return plain(completion({"content": None, "tool_calls": [call()]}, "tool_calls"), request)


def said(request: Any) -> Exchange:
    return plain(completion({"content": "unknown"}), request)


CASES = (
    Row(
        "tool_choice none is ignored, as in TL19",
        said(NONE),
        called(NONE),
        ("breaking choices[0].message.tool_calls[0]",),
    ),
    Row("B26: a call under auto is the model's choice", said(AUTO), called(AUTO)),
    Row("the golden calls all the same", called(NONE), called(NONE)),
)
