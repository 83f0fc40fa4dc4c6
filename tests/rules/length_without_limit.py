"""length-without-limit: length far below the limit."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules_table import ASK, Row, completion, plain


def wrote(tokens: int, finish: str, limit: int | None = 32768) -> Exchange:
    """An answer of that many tokens, with or without a limit."""
    usage = {"prompt_tokens": 9, "completion_tokens": tokens, "total_tokens": 9 + tokens}
    asked = {**ASK, "max_tokens": limit} if limit else ASK
    return plain(completion(finish=finish, usage=usage), asked)


CASES = (
    Row(
        "S17: the engine's slot is full (ddalcu/mlx-serve 127)",
        wrote(2605, "stop"),
        wrote(2605, "length"),
        ("risky choices[0].finish_reason",),
    ),
    Row("without any limit", wrote(700, "stop", None), wrote(777, "length", None), ("risky choices[0].finish_reason",)),
    Row("S17, benign twin: the limit itself", wrote(60, "stop", 64), wrote(64, "length", 64)),
    Row("a golden that ends so as well", wrote(2605, "length"), wrote(1200, "length")),
    Row("just near the limit", wrote(60, "stop", 1000), wrote(910, "length", 1000)),
    Row(
        "just far from the limit",
        wrote(60, "stop", 1000),
        wrote(890, "length", 1000),
        ("risky choices[0].finish_reason",),
    ),
)
