"""usage-prompt-differs: the cached part of the prompt is excluded."""

from __future__ import annotations

from typing import Any

from tests.rules_table import Row, completion, plain


def counts(prompt: int, cached: int) -> dict[str, Any]:
    """A completion whose prompt has that many tokens, some of them from the cache."""
    usage = {"prompt_tokens": prompt, "completion_tokens": 3, "total_tokens": prompt + 3}
    return completion(usage={**usage, "prompt_tokens_details": {"cached_tokens": cached}})


def flat(prompt: int, **cached: int) -> dict[str, Any]:
    """With the cached tokens beside the prompt's."""
    usage = {"prompt_tokens": prompt, "completion_tokens": 3, "total_tokens": prompt + 3}
    return completion(usage={**usage, **cached})


FIRES = "risky usage.prompt_tokens"
EXCEEDS = "risky usage-part-exceeds usage.prompt_tokens_details.cached_tokens"
RENAMED = "risky usage-cached-renamed usage.prompt_tokens_details.cached_tokens"

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
    *(
        Row(f"US12: the cache is {key}", plain(counts(9126, 0)), plain(flat(4262, **{key: 4864})), (FIRES,), also)
        for key, also in (
            ("cache_read_input_tokens", (RENAMED,)),
            ("prompt_cache_hit_tokens", (RENAMED, "risky usage-part-exceeds usage.prompt_cache_hit_tokens")),
            ("num_cached_tokens", (RENAMED, "risky usage-part-exceeds usage.num_cached_tokens")),
        )
    ),
    Row("just within the slack", plain(counts(9126, 0)), plain(counts(4262, 4684)), (FIRES,), (EXCEEDS,)),
    Row("just beyond it", plain(counts(9126, 0)), plain(counts(4262, 4678)), (), (EXCEEDS,)),
    Row("just one step of the cache", plain(counts(9126, 0)), plain(counts(8998, 128)), (FIRES,)),
    Row("less than a step", plain(counts(9126, 0)), plain(counts(8999, 127))),
    Row("a template's difference, and a small cache", plain(counts(9126, 0)), plain(counts(9000, 300))),
)
