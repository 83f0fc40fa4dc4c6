"""tool-arguments-null: null between fragments."""

from __future__ import annotations

from tests.rules import _bodies as b
from tests.rules_table import Row, call, calling

HEAD = {"index": 0, **call("")}


def more(arguments: object, **changes: object) -> dict[str, object]:
    return {"index": 0, "function": {"arguments": arguments}, **changes}


WHOLE = calling(HEAD, more('{"city": '), more('"Paris"}'))

CASES = (
    Row(
        "TL29: null in place of a fragment (lidge-jun/opencodex 361)",
        WHOLE,
        calling(HEAD, more('{"city": '), more(None), more('"Paris"}')),
        ("risky choices[0].delta.tool_calls[0].function.arguments",),
    ),
    Row("TL29, benign twin: an empty fragment", WHOLE, calling(HEAD, more('{"city": '), more(""), more('"Paris"}'))),
    Row("null opens what fragments fill", WHOLE, calling({"index": 0, **call(None)}, more('{"city": "Paris"}'))),
    Row("the golden has it", calling(HEAD, more("{}"), more(None)), calling(HEAD, more(None), more("{}"))),
    Row(
        "TL29: the input of a custom tool",
        b.RUN,
        b.running(b.custom(), b.more("ls"), b.more(None)),
        (f"risky {b.PART}.input",),
    ),
    Row(
        "TL29: of a function_call",
        b.WROTE,
        b.legacy(b.OPEN, b.START, {"arguments": None}, b.END),
        (f"risky {b.LEGACY}.arguments",),
    ),
    Row("TL29, benign twin: an empty input", b.RUN, b.running(b.custom(), b.more("ls"), b.more(""))),
)
