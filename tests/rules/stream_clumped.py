"""stream-clumped: tokens in clumps."""

from __future__ import annotations

from tests.rules.stream_buffered import TOKENS, arriving
from tests.rules_table import HELLO, Row, stream

SINGLE = arriving([300 + 60 * i for i in range(20)])

CASES = (
    Row(
        "LA08: haproxy sends every 240 ms what comes every 60 ms",
        SINGLE,
        arriving([300 + 240 * (i // 4) for i in range(20)]),
        ("info timing.gap",),
    ),
    Row("LA08: nginx's two bursts", SINGLE, arriving([900 + 700 * (i // 10) for i in range(20)]), ("info timing.gap",)),
    Row(
        "reads of a clump that are a millisecond apart",
        SINGLE,
        arriving([300 + 300 * (i // 5) + i % 5 for i in range(20)]),
        ("info timing.gap",),
    ),
    Row("LA08, benign twin, B35: two events in a read", SINGLE, arriving([300 + 120 * (i // 2) for i in range(20)])),
    Row("a route that is simply fast", SINGLE, arriving([200 + i for i in range(20)])),
    Row("a route that is simply slow", SINGLE, arriving([300 + 240 * i for i in range(20)])),
    Row("a fast route of small clumps", SINGLE, arriving([300 + 40 * (i // 4) for i in range(20)])),
    Row(
        "the golden comes in clumps as well",
        arriving([300 + 250 * (i // 4) for i in range(20)]),
        arriving([300 + 250 * (i // 5) for i in range(20)]),
    ),
    Row(
        "one golden sample of two does",
        [SINGLE, arriving([300 + 250 * (i // 4) for i in range(20)])],
        arriving([300 + 250 * (i // 4) for i in range(20)]),
    ),
    Row(
        "one burst at the end is stream-buffered's",
        SINGLE,
        arriving([1500 + i / 10 for i in range(20)]),
        (),
        ("risky stream-buffered timing.spread",),
    ),
    Row(
        "one sample of two is a busy minute",
        SINGLE,
        [SINGLE, arriving([300 + 240 * (i // 4) for i in range(20)])],
    ),
    Row("one pause is no clump", SINGLE, arriving([300 + 60 * i + 2000 * (i > 9) for i in range(20)])),
    Row("too few tokens to say", stream(*HELLO, at=(1, 60, 120, 180)), stream(*HELLO, at=(1, 200, 200, 200))),
    Row("a cassette without times", stream(*TOKENS), arriving([300 + 240 * (i // 4) for i in range(20)])),
)
