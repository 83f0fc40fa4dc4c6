"""json-precedence: calls instead of JSON, JSON instead of calls."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules.json_schema_violated import GOOD, said, wants
from tests.rules_table import TOOL, Row, call, completion, plain

BOTH = {**wants(), "tools": [TOOL], "tool_choice": "auto"}
TOOLS = {k: v for k, v in BOTH.items() if k != "response_format"}


def calls(request: dict[str, object]) -> Exchange:
    return plain(completion({"content": None, "tool_calls": [call()]}, "tool_calls"), request)


CASES = (
    Row(
        "SO08: JSON instead of calls (i-am-bee/beeai-framework 1037)",
        calls(BOTH),
        said(GOOD, BOTH),
        ("risky choices[0].message",),
    ),
    Row("SO08, the reverse", said(GOOD, BOTH), calls(BOTH), ("risky choices[0].message",)),
    Row("SO08, benign twin: the model's choice, without response_format", calls(TOOLS), said(GOOD, TOOLS)),
    Row("the golden does both", [calls(BOTH), said(GOOD, BOTH)], said(GOOD, BOTH)),
    Row("SO08, benign twin: calls, as in the golden", calls(BOTH), calls(BOTH)),
)
