"""tool-delta-blank: empty ids and names on continuation deltas."""

from __future__ import annotations

from tests.rules import _bodies as b
from tests.rules_table import Row, call, calling

HEAD = {"index": 0, **call("")}


def more(arguments: object, **changes: object) -> dict[str, object]:
    return {"index": 0, "function": {"arguments": arguments}, **changes}


WHOLE = calling(HEAD, more('{"city": '), more('"Paris"}'))

CASES = (
    Row(
        "TL27: the id is empty in later deltas (spring-projects/spring-ai 6369)",
        WHOLE,
        calling(HEAD, more('{"city": ', id=""), more('"Paris"}', id="")),
        ("risky choices[0].delta.tool_calls[0].id",),
    ),
    Row(
        "TL27: the name as well (symfony/ai 2220)",
        WHOLE,
        calling(HEAD, {"index": 0, "id": "", "function": {"name": "", "arguments": '{"city": "Paris"}'}}),
        ("risky choices[0].delta.tool_calls[0].function.name", "risky choices[0].delta.tool_calls[0].id"),
    ),
    Row("TL27, benign twin: null for both (TL06)", WHOLE, calling(HEAD, more('{"city": "Paris"}', id=None))),
    Row("the golden has empty ids", calling(HEAD, more("{}", id="")), calling(HEAD, more("{}", id=""))),
    Row(
        "an id that never comes is TL04",
        WHOLE,
        calling({**HEAD, "id": ""}, more('{"city": "Paris"}', id="")),
        also=("breaking tool-id-missing choices[0].delta.tool_calls[0].id",),
    ),
    Row(
        "TL27: the name of a custom tool",
        b.RUN,
        b.running(b.custom(), b.more("ls", name="")),
        (f"risky {b.PART}.name",),
    ),
    Row(
        "TL27: the name of a function_call",
        b.WROTE,
        b.legacy(b.OPEN, {**b.START, "name": ""}, b.END),
        (f"risky {b.LEGACY}.name",),
    ),
    Row("TL27, benign twin: null for it", b.WROTE, b.legacy(b.OPEN, {**b.START, "name": None}, b.END)),
)
