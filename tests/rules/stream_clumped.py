"""stream-clumped: tokens in clumps."""

from __future__ import annotations

from itertools import accumulate

from gate.model import Exchange
from tests.rules.stream_buffered import TOKENS, arriving
from tests.rules_table import HELLO, ROLE, Row, chunk, stream

SINGLE = arriving([300 + 60 * i for i in range(20)])


def clumps(size: int, apart: float, gap: float) -> Exchange:
    """20 tokens in clumps of so many, whose tokens are `gap` ms apart."""
    return arriving([300 + apart * (i // size) + gap * (i % size) for i in range(20)])


def gaps(*between: float) -> Exchange:
    """Tokens with these gaps between them, in ms."""
    times = [300 + total for total in accumulate(between, initial=0.0)]
    tokens = [chunk({"content": "word "}) for _ in times]
    return stream(ROLE, *tokens, chunk({}, "stop"), at=(300, *times, times[-1] + 1, times[-1] + 2))


def late(by: float, held: int, gap: float = 60) -> Exchange:
    """20 tokens of which the first so many come at once, so many ms late, and the others one by one."""
    times = [300.0 + by] * held + [300 + by + gap * (i + 1) for i in range(20 - held)]
    return arriving(times)


EVEN, IN_FOURS = gaps(*[60] * 40), gaps(*[0, 0, 0, 240] * 10)

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
    Row("just within a clump", SINGLE, clumps(5, 300, 5.7), ("info timing.gap",)),
    Row("just not within a clump", SINGLE, clumps(5, 300, 6.3)),
    Row(
        "LA08: a golden in pairs through nginx, whose buffer holds twelve tokens",
        gaps(*[0, 40] * 20),
        gaps(*[*[0] * 11, 240] * 3),
        ("info timing.gap",),
    ),
    Row("a golden with a quarter of its gaps in pairs", gaps(*[0] * 10, *[60] * 30), IN_FOURS, ("info timing.gap",)),
    Row("a golden with more of them", gaps(*[0] * 11, *[60] * 29), IN_FOURS),
    Row("a golden in pairs, four times as many", gaps(*[0, 60] * 20), gaps(*[*[0] * 7, 240] * 5), ("info timing.gap",)),
    Row("a golden in pairs, not four times as many", gaps(*[0, 60] * 20), gaps(*[0] * 38, *[240] * 6)),
    Row("the golden paused for two seconds", gaps(*[60] * 20, 2000, *[60] * 20), gaps(*[7, 7, 7, 240] * 10)),
    Row("nginx's buffer holds all but the last three tokens", SINGLE, late(960, 17), ("info timing.gap",)),
    Row("a route that thinks longer and is fast then", SINGLE, arriving([500 + i for i in range(20)])),
    Row("one that ends just as late as the golden", SINGLE, late(680, 17), ("info timing.gap",)),
    Row("one that ends earlier", SINGLE, late(660, 17)),
    Row("a first clump that is just late", SINGLE, late(125, 13, 115), ("info timing.gap",)),
    Row("a first clump that is hardly late", SINGLE, late(115, 13, 115)),
    Row(
        "a first token that is seconds late is first-token-slower's",
        SINGLE,
        late(1300, 17, 100),
        (),
        ("risky first-token-slower timing.first_token",),
    ),
    Row("just enough gaps within clumps", EVEN, gaps(*[0] * 24, *[240] * 16), ("info timing.gap",)),
    Row("too few of them", EVEN, gaps(*[0] * 23, *[240] * 17)),
    Row("just ten tokens", gaps(*[60] * 9), gaps(*[0, 0, 0, 0, 240] * 2), ("info timing.gap",)),
    Row("nine tokens", gaps(*[65] * 8), gaps(*[0, 0, 0, 240] * 2)),
    Row("a golden of just half a second", gaps(*[51] * 10), gaps(*[0, 0, 0, 0, 250] * 2), ("info timing.gap",)),
    Row("a golden of less", gaps(*[49] * 10), gaps(*[0, 0, 0, 0, 250] * 2)),
    Row("clumps just as far apart as one sees", gaps(*[40] * 40), gaps(*[0, 0, 0, 105] * 10), ("info timing.gap",)),
    Row("clumps less far apart", gaps(*[40] * 40), gaps(*[0, 0, 0, 95] * 10)),
    Row("clumps just twice as far apart as the tokens were", EVEN, gaps(*[0, 0, 0, 125] * 10), ("info timing.gap",)),
    Row("clumps less far apart than that", EVEN, gaps(*[0, 0, 0, 115] * 10)),
)
