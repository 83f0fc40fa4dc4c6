"""tool-delta-bare: padding deltas without a function."""

from __future__ import annotations

from tests.rules import _bodies as b
from tests.rules_table import ASK, ASK_TOOL, ROLE, Row, call, calling, chunk, stream

CUSTOM = {**ASK, "tools": [{"type": "custom", "custom": {"name": "run"}}]}
HEAD = {"index": 0, **call("")}


def more(arguments: object, **changes: object) -> dict[str, object]:
    return {"index": 0, "function": {"arguments": arguments}, **changes}


WHOLE = calling(HEAD, more('{"city": '), more('"Paris"}'))

END = more('{"city": "Paris"}')
FIRES = ("breaking choices[0].delta.tool_calls[0].function",)
OPEN = {"index": 0, "id": "c", "type": "custom", "custom": {"name": "run", "input": ""}}
PADDED = calling(HEAD, END, {"index": 0, "function": None})

EMPTY_ENTRY = stream(
    ROLE, *(chunk({"tool_calls": [delta]}) for delta in (HEAD, None, END)), chunk({}, "tool_calls"), request=ASK_TOOL
)

CASES = (
    Row("TL28: function is null (langchain-ai/langchain 34432)", WHOLE, PADDED, FIRES),
    Row("TL28: no function at all", WHOLE, calling(HEAD, {"index": 0}, END), FIRES),
    Row(
        "TL28: an empty function",
        WHOLE,
        calling(HEAD, {"index": 0, "function": {}}, END),
        ("risky choices[0].delta.tool_calls[0].function",),
    ),
    Row("TL28, benign twin: empty arguments", WHOLE, calling(HEAD, more(""), END)),
    Row("the golden pads as well", calling(HEAD, {"index": 0}, END), PADDED),
    Row(
        "the deltas of a custom tool have none",
        calling(OPEN, request=CUSTOM),
        calling(OPEN, {"index": 0, "custom": {"input": "ls"}}, request=CUSTOM),
    ),
    Row(
        "TL28: a padding delta of a custom tool; no helper of an SDK reads it",
        b.RUN,
        b.running(b.custom(), {"index": 0}, b.more("ls")),
        (f"risky {b.PART}",),
    ),
    Row(
        "TL28: custom is null",
        b.RUN,
        b.running(b.custom(), b.more("ls"), {"index": 0, "custom": None}),
        (f"risky {b.PART}",),
    ),
    Row("TL28: an empty function_call", b.WROTE, b.legacy(b.OPEN, {}, b.START, b.END), (f"risky {b.LEGACY}",)),
    Row("TL28, benign twin: function_call is null", b.WROTE, b.legacy(None, b.OPEN, None, b.START, b.END)),
    Row("a text in place of the function", WHOLE, calling(HEAD, {"index": 0, "function": "x"}, END), FIRES),
    Row(
        "no delta at all: openai-python's accumulator raises TypeError",
        WHOLE,
        EMPTY_ENTRY,
        ("breaking choices[0].delta.tool_calls[0]",),
    ),
)
