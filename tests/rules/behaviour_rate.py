"""behaviour-rate: what a model chooses is compared as rates, never by one sample."""

from __future__ import annotations

from dataclasses import replace

from tests.rules_table import ASK, ASK_TOOL, TOOL, Row, call, completion, plain

AUTO = {**ASK_TOOL, "tool_choice": "auto"}
CALLS = plain(completion({"content": None, "tool_calls": [call()]}, "tool_calls"), AUTO)
TALKS = plain(completion({"content": "It is sunny."}), AUTO)
BY_DEFAULT = plain(completion(), {**ASK, "tools": [TOOL]}).request
LIMIT = {**ASK, "max_tokens": 3}
CUT = plain(completion(finish="length"), LIMIT)
WHOLE = plain(completion(), LIMIT)

CASES = (
    Row(
        "B26 beyond chance: five of five samples called the tool under auto, then none of five",
        [CALLS] * 5,
        [TALKS] * 5,
        ("risky choices[].message.tool_calls",),
    ),
    Row(
        "B25 beyond chance: no answer was truncated, then all six",
        [WHOLE] * 6,
        [CUT] * 6,
        ("risky choices[].finish_reason",),
    ),
    Row(
        "auto is the default",
        [replace(CALLS, request=BY_DEFAULT)] * 5,
        [replace(TALKS, request=BY_DEFAULT)] * 5,
        ("risky choices[].message.tool_calls",),
    ),
    Row("B26: the number and choice of tool calls under auto", [CALLS, CALLS, TALKS], [TALKS, TALKS, CALLS]),
    Row("B26: one sample of either kind proves nothing", CALLS, TALKS),
    Row("B25: stop against length near the limit", [WHOLE, WHOLE, CUT], [CUT, WHOLE, CUT]),
)
