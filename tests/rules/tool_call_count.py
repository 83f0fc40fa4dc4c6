"""tool-call-count: several calls where the request allows one, one where the golden has several."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules_table import ASK_TOOL, Row, call, completion, plain

ONE_AT_ONCE = {**ASK_TOOL, "parallel_tool_calls": False}


def called(count: int, request: Any = ASK_TOOL) -> Exchange:
    many = [call(f'{{"city": "Paris {i}"}}', id=f"call_{i}") for i in range(count)]
    return plain(completion({"content": None, "tool_calls": many}, "tool_calls"), request)


CASES = (
    Row(
        "PA05, silently: parallel_tool_calls false is ignored",
        called(1, ONE_AT_ONCE),
        called(2, ONE_AT_ONCE),
        ("risky choices[0].message.tool_calls",),
    ),
    Row(
        "TL02's milder form: only one of several calls remains in every sample",
        [called(2), called(3)],
        [called(1), called(1)],
        ("risky choices[0].message.tool_calls",),
    ),
    Row("B26: fewer calls in one sample", called(2), called(1)),
    Row("B26: fewer calls in some samples", [called(2), called(2)], [called(1), called(2)]),
    Row("the golden has two although the request allows one", called(2, ONE_AT_ONCE), called(2, ONE_AT_ONCE)),
)
