"""usage-repeated: more than once in a stream."""

from __future__ import annotations

from typing import Any

from tests.rules_table import ASK_USAGE, HELLO, USAGE, Row, chunk, stream

LAST = chunk(choices=[], usage=USAGE)


def counting(*numbers: int) -> list[dict[str, Any]]:
    """The stream's chunks, each with a cumulative usage."""
    usages = [{"prompt_tokens": 9, "completion_tokens": n, "total_tokens": 9 + n} for n in numbers]
    return [{**c, "usage": usage} for c, usage in zip(HELLO, usages, strict=True)]


CASES = (
    Row(
        "US11: on the finish chunk and again in a chunk of its own (brightwave-inc/tidebreak 1401)",
        stream(*HELLO, LAST, request=ASK_USAGE),
        stream(*HELLO[:-1], {**HELLO[-1], "usage": USAGE}, LAST, request=ASK_USAGE),
        ("risky usage",),
    ),
    Row(
        "US02: cumulative on every chunk (ogx-ai/ogx 5122)",
        stream(*HELLO[:-1], {**HELLO[-1], "usage": USAGE}, request=ASK_USAGE),
        stream(*counting(0, 1, 2, 3), request=ASK_USAGE),
        ("risky usage",),
    ),
    Row(
        "US11, benign twin: null but once",
        stream(*HELLO, LAST, request=ASK_USAGE),
        stream(*({**c, "usage": None} for c in HELLO), LAST, request=ASK_USAGE),
    ),
    Row(
        "a golden without any usage: usage beside the choices is an added field",
        stream(*HELLO),
        stream(*counting(0, 1, 2, 3)),
    ),
    Row(
        "a golden that counts on every chunk",
        stream(*counting(0, 1, 2, 3), request=ASK_USAGE),
        stream(*counting(1, 1, 2, 4), request=ASK_USAGE),
    ),
)
