"""usage-prompt-differs: the cached part of the prompt is excluded."""

from __future__ import annotations

from typing import Any

from tests.rules_table import Row, completion, plain


def counts(prompt: int, cached: int) -> dict[str, Any]:
    """A completion whose prompt has that many tokens, some of them from the cache."""
    usage = {"prompt_tokens": prompt, "completion_tokens": 3, "total_tokens": prompt + 3}
    return completion(usage={**usage, "prompt_tokens_details": {"cached_tokens": cached}})


CASES = (
    Row(
        "US12: Anthropic's accounting, mapped without the cache reads (BerriAI/litellm 15945)",
        [plain(counts(9126, 0)), plain(counts(9126, 4864))],
        plain(counts(4262, 4864)),
        ("risky usage.prompt_tokens",),
        ("risky usage-part-exceeds usage.prompt_tokens_details.cached_tokens",),
    ),
    Row(
        "US12, benign twin: the cache is warm or cold, the prompt is the same",
        plain(counts(9126, 0)),
        plain(counts(9126, 4864)),
    ),
    Row("B15: another template", plain(counts(9126, 0)), plain(counts(9060, 0))),
    Row(
        "a smaller prompt that the cache does not explain",
        plain(counts(9126, 0)),
        plain(counts(4262, 1000)),
        also=("risky usage-prompt-cut usage.prompt_tokens",),
    ),
)
