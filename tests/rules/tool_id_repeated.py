"""tool-id-repeated: the id on every delta."""

from __future__ import annotations

from tests.rules import _bodies as b
from tests.rules_table import Row, call, calling

HEAD = {"index": 0, **call("")}


def more(arguments: str, **changes: object) -> dict[str, object]:
    return {"index": 0, "function": {"arguments": arguments}, **changes}


WHOLE = calling(HEAD, more('{"city": '), more('"Paris"}'))
EACH = calling(HEAD, more('{"city": ', id="call_1"), more('"Paris"}', id="call_1"))

CASES = (
    Row(
        "TL36: openai-python's helper makes call_1call_1 of it",
        WHOLE,
        EACH,
        ("risky choices[0].delta.tool_calls[0].id",),
    ),
    Row("TL36, benign twin: null in later deltas", WHOLE, calling(HEAD, more('{"city": "Paris"}', id=None))),
    Row("the golden repeats it", EACH, EACH),
    Row("the golden repeats it, the candidate does not", EACH, WHOLE),
    Row(
        "TL36: of a custom tool",
        b.RUN,
        b.running(b.custom(), {**b.more("ls"), "id": "call_1"}),
        ("risky choices[0].delta.tool_calls[0].id",),
    ),
)
