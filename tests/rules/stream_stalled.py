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


def pinged(ms: float) -> Exchange:
    """A stream whose silence has comments in it."""
    at = (100, 15_100, 100 + ms, 200 + ms, 300 + ms, 301 + ms)
    return stream(ROLE, COMMENT, *HELLO[1:], at=at)


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
    Row("just less than five seconds", paused(100), paused(4950)),
    Row("just five seconds", paused(100), paused(5050), ("risky timing.gap",)),
    Row("just less than five times as long", paused(2000), paused(9900)),
    Row("just five times as long", paused(2000), paused(10_100), ("risky timing.gap",)),
    Row("pinged, and just less than twice as long", waiting(EMPTY), pinged(29_900)),
    Row("pinged, and just twice as long", waiting(EMPTY), pinged(30_100), ("risky timing.gap",)),
)
