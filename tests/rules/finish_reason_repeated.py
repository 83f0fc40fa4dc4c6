"""finish-reason-repeated: several finish chunks for one choice."""

from __future__ import annotations

from tests.rules_table import HELLO, Row, chunk, stream

END = chunk({}, "stop")


def second(finish: str | None, content: str = "b") -> dict[str, object]:
    return chunk(choices=[{"index": 1, "delta": {"role": "assistant", "content": content}, "finish_reason": finish}])


CASES = (
    Row(
        "ST14: two finish chunks in a row (qwen-code: ended with empty response text)",
        stream(*HELLO),
        stream(*HELLO, END),
        ("risky choices[0].finish_reason",),
    ),
    Row(
        "OpenRouter, 100 of 277 streams: three",
        stream(*HELLO),
        stream(*HELLO, END, END),
        ("risky choices[0].finish_reason",),
    ),
    Row("the golden does so too", stream(*HELLO, END), stream(*HELLO, END)),
    Row(
        "ST14, benign twin: one for each choice of n = 2",
        stream(*HELLO[:3], second(None), END, second("stop", "")),
        stream(*HELLO, second(None), second("stop", "")),
    ),
    Row("once less than the golden", stream(*HELLO, END), stream(*HELLO)),
)
