"""stream-stalled: silence in mid-stream."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules_table import HELLO, ROLE, Row, chunk, stream

EMPTY = chunk({"content": ""})
COMMENT = b": keepalive\n\n"


def waiting(ping: object) -> Exchange:
    """A stream that thinks for a minute, with something every 15 s."""
    return stream(ROLE, ping, ping, ping, *HELLO[1:], at=(100, 15_100, 30_100, 45_100, 60_100, 60_200, 60_300, 60_301))


def paused(ms: float) -> Exchange:
    """A stream that goes quiet between two tokens."""
    return stream(*HELLO, at=(100, 200, 200 + ms, 300 + ms, 301 + ms))


CASES = (
    Row(
        "LA03: pings that carry data become comments (Menci/Floway 498)",
        waiting(EMPTY),
        waiting(COMMENT),
        ("risky timing.gap",),
    ),
    Row("a minute between two tokens", paused(100), paused(60_000), ("risky timing.gap",)),
    Row("LA03, benign twin: fast enough to need neither", paused(100), paused(300)),
    Row("B35: a golden that goes quiet as well", paused(6000), paused(12_000)),
)
