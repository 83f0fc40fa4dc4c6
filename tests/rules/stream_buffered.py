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
)
