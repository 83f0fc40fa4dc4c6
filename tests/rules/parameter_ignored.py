"""parameter-ignored: a seed, a bias or an effort that does nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gate.model import Exchange
from tests.rules_table import ASK, USAGE, Row, completion, plain

SEEDED = {**ASK, "temperature": 1, "seed": 7}
BIASED = {**ASK, "logit_bias": {"1734": 100}}
EFFORT = {**ASK, "reasoning_effort": "low"}


def says(*texts: str, request: Mapping[str, Any] = SEEDED) -> tuple[Exchange, ...]:
    """One sample for each text."""
    return tuple(
        plain(completion({"content": text}), request, scenario="case", sample=n) for n, text in enumerate(texts)
    )


def thinks(tokens: int) -> Exchange:
    usage = {**USAGE, "completion_tokens_details": {"reasoning_tokens": tokens}}
    return plain(completion(usage=usage), EFFORT)


CASES = (
    Row(
        "two answers with one seed, no longer alike",
        says("Aurora", "Aurora"),
        says("Aurora", "Borealis"),
        ("risky request.seed",),
    ),
    Row("a seed that the golden ignores too", says("Aurora", "Borealis"), says("Calypso", "Dione")),
    Row("other answers, alike among themselves", says("Aurora", "Aurora"), says("Borealis", "Borealis")),
    Row("one sample shows nothing of a seed", says("Aurora", "Aurora"), says("Borealis")),
    Row(
        "at temperature 0 a seed shows nothing",
        says("Aurora", "Aurora", request={**SEEDED, "temperature": 0}),
        says("Aurora", "Borealis", request={**SEEDED, "temperature": 0}),
    ),
    Row(
        "a bias of 100 leaves one token, and here it does not",
        says("lusluslusluslus", request=BIASED),
        says("Paris.", request=BIASED),
        ("risky request.logit_bias",),
    ),
    Row(
        "another token in another vocabulary",
        says("lusluslusluslus", request=BIASED),
        says(" the the the the", request=BIASED),
    ),
    Row("reasoning that is no longer counted", thinks(64), thinks(0), ("risky request.reasoning_effort",)),
    Row("another number of reasoning tokens", thinks(64), thinks(8)),
    Row("US08: without details nothing is known of reasoning", thinks(64), plain(completion(), EFFORT)),
)
