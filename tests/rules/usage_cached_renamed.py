"""usage-cached-renamed: a vendor's own key for cached tokens."""

from __future__ import annotations

from typing import Any

from tests.rules import _responses as r
from tests.rules_table import USAGE, Row, completion, plain


def cached(tokens: int) -> dict[str, Any]:
    """A completion with the API's own count."""
    return completion(usage={**USAGE, "prompt_tokens_details": {"cached_tokens": tokens}})


CASES = (
    Row(
        "US07: Kimi's usage.cached_tokens (promptfoo/promptfoo 10132)",
        plain(cached(1792)),
        plain(completion(usage={**USAGE, "cached_tokens": 1792})),
        ("risky usage.prompt_tokens_details.cached_tokens",),
    ),
    Row("US07, benign twin: a cold cache", plain(cached(1792)), plain(cached(0))),
    Row("B16: no details where nothing is cached", plain(cached(0)), plain(completion())),
    Row(
        "both keys",
        plain(cached(1792)),
        plain(completion(usage={**USAGE, "prompt_tokens_details": {"cached_tokens": 5}, "prompt_cache_hit_tokens": 5})),
    ),
    Row(
        "US07: the Responses API's key in chat",
        plain(cached(1792)),
        plain(completion(usage={**USAGE, "input_tokens_details": {"cached_tokens": 1792}})),
        ("risky usage.prompt_tokens_details.cached_tokens",),
    ),
    Row(
        "US07: another key in the details",
        plain(cached(1792)),
        plain(completion(usage={**USAGE, "prompt_tokens_details": {"cache_read": 1792}})),
        ("risky usage.prompt_tokens_details.cached_tokens",),
    ),
    Row(
        "B16: a cold cache that is being filled",
        plain(cached(5)),
        plain(completion(usage={**USAGE, "prompt_tokens_details": {"cache_write_tokens": 1000}})),
    ),
    *(
        Row(
            f"B16: a cold cache that is being filled, as {vendor} counts",
            plain(cached(5)),
            plain(completion(usage={**USAGE, **counts})),
        )
        for vendor, counts in (
            ("Anthropic", {"cache_creation_input_tokens": 1000}),
            ("DeepSeek", {"prompt_cache_miss_tokens": 9}),
        )
    ),
    Row(
        "US07: a vendor's key in the Responses API",
        r.whole(r.response(usage={**r.USAGE, "input_tokens_details": {"cached_tokens": 5}})),
        r.whole(r.response(usage={**r.USAGE, "cache_read_input_tokens": 5})),
        ("risky usage.input_tokens_details.cached_tokens",),
        ("risky response-usage-details usage.input_tokens_details",),
    ),
)
