"""tool-name-late: the name after the first fragment."""

from __future__ import annotations

from tests.rules import _bodies as b
from tests.rules_table import Row, call, calling

HEAD = {"index": 0, **call("")}


def more(arguments: object, **changes: object) -> dict[str, object]:
    return {"index": 0, "function": {"arguments": arguments}, **changes}


WHOLE = calling(HEAD, more('{"city": '), more('"Paris"}'))

OPEN = {"index": 0, "id": "call_1", "type": "function", "function": {"arguments": '{"city": '}}


def named(arguments: str) -> dict[str, object]:
    return {"index": 0, "function": {"name": "get_weather", "arguments": arguments}}


LATE = calling(OPEN, named('"Paris"}'))

CASES = (
    Row(
        "TL30: the name comes second (vercel/ai 14722)",
        WHOLE,
        LATE,
        ("breaking choices[0].delta.tool_calls[0].function.name",),
    ),
    Row(
        "TL30: an empty name opens the call",
        WHOLE,
        calling({"index": 0, **call("", name="")}, named('{"city": "Paris"}')),
        ("breaking choices[0].delta.tool_calls[0].function.name",),
    ),
    Row("TL30, benign twin: the name comes first, alone", WHOLE, calling(HEAD, more('{"city": "Paris"}'))),
    Row("the golden is late as well", LATE, calling(OPEN, more('"Par'), named('is"}'))),
    Row(
        "a name that never comes is another drift",
        WHOLE,
        calling(OPEN, more('"Paris"}')),
        also=("breaking tool-name-missing choices[0].message.tool_calls[0].function.name",),
    ),
    Row(
        "TL30: of a custom tool",
        b.RUN,
        b.running({**b.custom(), "custom": {"input": "l"}}, b.more("s", name="run")),
        (f"breaking {b.PART}.name",),
    ),
    Row(
        "TL30: of a function_call",
        b.WROTE,
        b.legacy(b.START, {**b.END, "name": "get_weather"}),
        (f"breaking {b.LEGACY}.name",),
    ),
    Row(
        "TL30, benign twin: the name of a function_call first, alone",
        b.WROTE,
        b.legacy({"name": "get_weather"}, b.START, b.END),
    ),
)
