"""default-limit-lowered: a limit that nobody asked for."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules_table import ASK, Row, completion, plain


def wrote(tokens: int, finish: str = "stop", limit: int | None = None) -> Exchange:
    """An answer of that many tokens."""
    usage = {"prompt_tokens": 9, "completion_tokens": tokens, "total_tokens": 9 + tokens}
    return plain(completion(finish=finish, usage=usage), {**ASK, "max_tokens": limit} if limit else ASK)


CASES = (
    Row(
        "PA16: the gateway puts 1024 in (project-arbr/arbr-control-plane 34)",
        wrote(1364),
        wrote(1024),
        ("breaking choices[0].finish_reason",),
    ),
    Row("PA16: 16 tokens, and it says so", wrote(60), wrote(16, "length"), ("breaking choices[0].finish_reason",)),
    Row("PA16, benign twin: a shorter natural answer", wrote(1364), wrote(912)),
    Row("a short answer that happens to have 16 tokens", wrote(18), wrote(16)),
    Row("a limit that was asked for", wrote(1364, limit=2000), wrote(1024, limit=2000)),
    Row(
        "PA16: a lower limit than the golden route's own",
        wrote(4096, "length"),
        wrote(1024, "length"),
        ("breaking choices[0].finish_reason",),
    ),
    Row("the golden route's own limit", wrote(1024, "length"), wrote(1024, "length")),
    *(
        Row(f"{tokens} tokens", wrote(9000), wrote(tokens, "length"), ("breaking choices[0].finish_reason",))
        for tokens in (20, 100, 128, 200, 256, 500, 512, 1000, 2000, 2048, 4000, 4096, 8000, 8192)
    ),
    Row("just sure without a finish", wrote(300), wrote(256), ("breaking choices[0].finish_reason",)),
    Row("just not sure without one", wrote(300), wrote(200)),
    Row(
        "a count that no float holds",
        wrote(10**400, "length"),
        wrote(1024, "length"),
        ("breaking choices[0].finish_reason",),
    ),
    Row("just near the golden route's own limit", wrote(1130, "length"), wrote(1024, "length")),
    Row(
        "just below the golden route's own limit",
        wrote(1150, "length"),
        wrote(1024, "length"),
        ("breaking choices[0].finish_reason",),
    ),
)
