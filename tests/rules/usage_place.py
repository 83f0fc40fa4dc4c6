"""usage-place: in its own chunk, or beside the choices."""

from __future__ import annotations

from tests.rules_table import ASK_USAGE, HELLO, USAGE, Row, chunk, stream

ALONE = stream(*HELLO, chunk(choices=[], usage=USAGE), request=ASK_USAGE)
BESIDE = stream(*HELLO[:-1], {**HELLO[-1], "usage": USAGE}, request=ASK_USAGE)

CASES = (
    Row(
        "usage beside choices, not in its own chunk (deepseek-chat-s-a50eced4a0)",
        ALONE,
        BESIDE,
        ("risky usage",),
    ),
    Row(
        "as with ST01: a chunk without choices, new since 2026 (openrouter-chat-s-476aa02a06)",
        BESIDE,
        ALONE,
        ("breaking usage",),
    ),
    Row("requested, and never in the golden", stream(*HELLO, request=ASK_USAGE), ALONE, ("risky usage",)),
    Row("a golden with both places", [ALONE, BESIDE], BESIDE),
    Row("the same place", ALONE, ALONE),
)
