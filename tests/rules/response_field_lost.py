"""response-field-lost: required top-level fields of a response."""

from __future__ import annotations

from typing import Any

from tests.rules import _responses as r
from tests.rules_table import Row

ECHO: dict[str, Any] = {"tools": [], "tool_choice": "auto", "parallel_tool_calls": True}
NULLS: dict[str, Any] = dict.fromkeys(ECHO)

CASES = (
    Row(
        "RS18: no tools (lmstudio-ai/lmstudio-bug-tracker 1174)",
        r.whole(r.response(**ECHO)),
        r.whole(r.response(tool_choice="auto", parallel_tool_calls=True)),
        ("risky tools",),
    ),
    Row(
        "RS18: null, streamed (BerriAI/litellm 12364)",
        r.told(r.events(**ECHO)),
        r.told(r.events(**NULLS)),
        ("risky tools",),
    ),
    Row(
        "RS18, benign twin: other values",
        r.whole(r.response(**ECHO)),
        r.whole(r.response(**{**ECHO, "tool_choice": "none"})),
    ),
    Row("the golden lacks them as well", r.whole(r.response()), r.whole(r.response())),
    Row("what is nullable may be null", r.whole(r.response(**ECHO, user="me")), r.whole(r.response(**ECHO, user=None))),
    *(
        Row(
            f"no {key}",
            r.whole(r.response(**ECHO)),
            r.whole(r.response(**{k: v for k, v in ECHO.items() if k != key})),
            (f"risky {key}",),
        )
        for key in ("tool_choice", "parallel_tool_calls")
    ),
)
