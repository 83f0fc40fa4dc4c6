"""first-token-slower: 1 s later and five times slower."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules_table import HELLO, Row, stream


def first_at(ms: float) -> Exchange:
    """A stream whose role comes at once, and its text from then on."""
    return stream(*HELLO, at=(100, ms, ms + 50, ms + 100, ms + 110))


CASES = (
    Row(
        "LA02: the first token exceeds the client's patience (BlockRunAI/Franklin 74)",
        first_at(2000),
        first_at(95_000),
        ("risky timing.first_token",),
    ),
    Row("LA02, benign twin: 2 s and 5 s", first_at(2000), first_at(5000)),
    Row("B35: five times slower, and still fast", first_at(120), first_at(900)),
    Row("slower than one golden sample, not than the slowest", [first_at(200), first_at(1200)], first_at(2000)),
    Row("a cassette without times", stream(*HELLO), first_at(95_000)),
    Row("just less than a second later", first_at(150), first_at(1140)),
    Row("just a second later", first_at(150), first_at(1160), ("risky timing.first_token",)),
    Row("just less than five times slower", first_at(1000), first_at(4950)),
    Row("just five times slower", first_at(1000), first_at(5050), ("risky timing.first_token",)),
    Row(
        "labelled as not compressed, so that its times are known",
        first_at(150),
        stream(*HELLO, at=(100, 1160, 1210, 1260, 1270), headers={"content-encoding": "identity"}),
        ("risky timing.first_token",),
    ),
)
