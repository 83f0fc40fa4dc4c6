"""usage-impossible: counts that cannot be."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules_table import USAGE, Row, completion, plain


def spent(**counts: Any) -> Exchange:
    return plain(completion(usage={**USAGE, **counts}))


CASES = (
    Row(
        "US14: -1 (BerriAI/litellm 24526)",
        spent(),
        spent(completion_tokens=-1, total_tokens=8),
        ("breaking usage.completion_tokens",),
    ),
    Row(
        "US14: -1 as 32 bits without a sign",
        spent(),
        spent(completion_tokens=2**32 - 1, total_tokens=2**32 + 8),
        ("breaking usage.completion_tokens",),
    ),
    Row(
        "US14: in the details",
        spent(),
        spent(prompt_tokens_details={"audio_tokens": -5}, completion_tokens_details={"reasoning_tokens": 0}),
        ("breaking usage.prompt_tokens_details.audio_tokens",),
    ),
    Row(
        "US14, benign twin: a large count",
        spent(),
        spent(prompt_tokens=10**6, total_tokens=10**6 + 3),
        also=("risky usage-prompt-padded usage.prompt_tokens",),
    ),
    Row(
        "just beyond it",
        spent(),
        spent(completion_tokens=10**8, total_tokens=10**8 + 9),
        ("breaking usage.completion_tokens",),
    ),
    Row("the golden has it", spent(completion_tokens=-1, total_tokens=8), spent(completion_tokens=-1, total_tokens=8)),
    Row(
        "just below what any context holds",
        spent(prompt_tokens=60_000_000, total_tokens=60_000_003),
        spent(prompt_tokens=95_000_000, total_tokens=95_000_003),
    ),
    Row(
        "more than any model writes",
        spent(),
        spent(completion_tokens=10**6, total_tokens=10**6 + 9),
        ("risky usage.completion_tokens",),
    ),
    Row("as much as a model may write one day", spent(), spent(completion_tokens=999_999, total_tokens=10**6 + 8)),
)
