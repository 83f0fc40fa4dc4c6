"""sdk-retries-sooner: the pause before the second request of one call."""

from __future__ import annotations

from dataclasses import replace

from gate.model import Exchange
from tests.rules_table import Row, post, seen


def times(*at: float, asked: str = "1") -> Exchange:
    """A call that got its answer after so many requests, sent at these seconds; each is answered with that Retry-After."""
    posts = (post("/v1/chat/completions", {}, at=second) for second in at)
    return seen(posts=tuple(replace(one, retry_after=asked) for one in posts))


DATE = "Mon, 30 Nov 2026 07:00:02 GMT"

CASES = (
    Row(
        "a Retry-After is passed over, as openai-node did with long ones (openai/openai-node#1840)",
        times(0, 1.01),
        times(0, 0.42),
        ("risky requests.pause",),
    ),
    Row("just so long, just so short", times(0, 0.95), times(0, 0.699), ("risky requests.pause",)),
    Row("twin: a pause of the client's own, with a random part", times(0, 0.94), times(0, 0.41)),
    Row("twin: nobody asked for it, and a busy machine was late", times(0, 1.1, asked=""), times(0, 0.4, asked="")),
    Row(
        "twin: longer than anybody waits, and passed over by both", times(0, 1.1, asked="70"), times(0, 0.5, asked="70")
    ),
    Row("of two seconds", times(0, 1.9, asked="2"), times(0, 1.39, asked="2"), ("risky requests.pause",)),
    Row("twin: not waited for before", times(0, 1.89, asked="2"), times(0, 0.4, asked="2")),
    Row(
        "until a date",
        times(0, 1.2, asked=DATE),
        times(0, 0.4, asked=DATE),
        ("risky requests.pause",),
    ),
    Row("a second at least", times(0, 1.0, asked=DATE), times(0, 0.4, asked=DATE), ("risky requests.pause",)),
    Row("twin: no number that anybody means", times(0, 0.9, asked="9" * 400), times(0, 0.4, asked="9" * 400)),
    Row("twin: shorter, and still a pause", times(0, 1.9), times(0, 0.7)),
    Row("later harms no rate limit", times(0, 0.4), times(0, 1.2)),
    Row("only the first pause is asked for", times(0, 1, 3), times(0, 1, 1.4)),
    Row("none is sent again before", times(0), times(0, 0.4), (), ("risky sdk-retries-changed requests",)),
    Row("none is sent again now", times(0, 1), times(0), (), ("risky sdk-retries-changed requests",)),
)
