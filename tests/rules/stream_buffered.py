"""stream-buffered: one burst at the end."""

from __future__ import annotations

from collections.abc import Sequence

from gate.model import Exchange
from tests.rules_table import ROLE, Row, chunk, stream

TOKENS = [chunk({"content": "word "}) for _ in range(20)]


def arriving(times: Sequence[float]) -> Exchange:
    """A stream of 20 tokens that arrive at these times; its head and its end close by."""
    return stream(ROLE, *TOKENS, chunk({}, "stop"), at=(times[0], *times, times[-1] + 1, times[-1] + 2))


GOLDEN = arriving([300 + 100 * i for i in range(20)])


def spread(first: float, length: float) -> Exchange:
    """20 tokens that arrive evenly over so many ms."""
    return arriving([first + length * i / 19 for i in range(20)])


def some(number: int, first: float, gap: float) -> Exchange:
    """So many tokens, evenly."""
    times = [first + gap * i for i in range(number)]
    at = (first, *times, times[-1] + 1, times[-1] + 2)
    return stream(ROLE, *TOKENS[:number], chunk({}, "stop"), at=at)


LATE, VERY_LATE = spread(2400, 19), spread(6000, 19)

CASES = (
    Row(
        "LA01: nginx holds the stream back (ggml-org/llama.cpp 20872)",
        GOLDEN,
        arriving([2400 + i for i in range(20)]),
        ("risky timing.spread",),
    ),
    Row("LA01, benign twin: two events in a read", GOLDEN, arriving([300 + 200 * (i // 2) for i in range(20)])),
    Row("B35: three bursts", GOLDEN, arriving([300 + 800 * (i // 7) for i in range(20)])),
    Row("a route that is simply fast", GOLDEN, arriving([200 + i for i in range(20)])),
    Row("a golden that is fast itself", arriving([200 + i for i in range(20)]), arriving([900 + i for i in range(20)])),
    Row("just enough tokens", some(5, 300, 200), some(5, 2400, 1), ("risky timing.spread",)),
    Row("too few tokens", some(4, 300, 200), some(4, 2400, 1), (), ("risky first-token-slower timing.first_token",)),
    Row("a golden of just half a second", spread(300, 510), LATE, ("risky timing.spread",)),
    Row(
        "a golden of less than half a second",
        spread(300, 490),
        LATE,
        (),
        ("risky first-token-slower timing.first_token",),
    ),
    Row("a golden that writes for just a quarter of its time", spread(2919, 1000), VERY_LATE, ("risky timing.spread",)),
    Row("a golden that writes for less of its time", spread(3080, 1000), VERY_LATE),
    Row("just a burst", GOLDEN, spread(2400, 203), ("risky timing.spread",)),
    Row("just longer than a burst", GOLDEN, spread(2400, 215), (), ("risky first-token-slower timing.first_token",)),
    Row("a third of the golden's tokens were there", GOLDEN, spread(950, 19), ("risky timing.spread",)),
    Row("not yet a third of them", GOLDEN, spread(900, 19)),
)
