"""What the rules about usage share: the counts of the golden, answers without any, and the names of cached tokens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gate.endpoints.schemas import knowledge
from gate.model import MISSING, Comparison, Drift, Pair
from gate.observe.answer import choices, grammar
from gate.observe.usage import reported, usage
from gate.wire.shape import show

# chat's key, and the Responses API's
DETAILS = ("prompt_tokens_details", "input_tokens_details")
CACHED = (
    "cache_read_input_tokens",  # https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching
    "prompt_cache_hit_tokens",  # https://api-docs.deepseek.com/guides/kv_cache
    "num_cached_tokens",  # Mistral
)
"""Vendors' own names for what OpenAI reports as `cached_tokens` in the details."""


def golden_counts(pair: Pair) -> list[dict[str, Any]]:
    """The usage of each comparable golden sample; empty where it has none."""
    return [usage(golden) or {} for golden in pair.golden]


def uncounted(comparison: Comparison) -> Iterator[Pair]:
    """The answers without usage where every comparable golden answer has it. An empty usage, a stream that broke off
    or an answer without choices is left to other rules."""
    expects_choices = any(map(choices, comparison.golden))
    for pair in () if _is_optional(comparison) else comparison.answers:
        absent = reported(pair.candidate) in (None, MISSING)
        if absent and all(golden_counts(pair)) and (choices(pair.candidate) or not expects_choices):
            yield pair


def _is_optional(comparison: Comparison) -> bool:
    """Whether the API itself leaves usage out at times: transcriptions, images, moderations."""
    # speech is no JSON, and only its events have a schema
    schemas = {grammar(golden).schema or grammar(golden).chunk_schema for golden in comparison.golden} - {None}
    return any("usage" in known and known["usage"].noise for known in map(knowledge, filter(None, schemas)))


def uncounted_drift(pair: Pair, message: str) -> Drift:
    """That the candidate of the pair has no usage."""
    golden, candidate = golden_counts(pair)[0], reported(pair.candidate)
    return pair.drift(path="usage", message=message, golden=show(golden, 120), candidate=show(candidate, 80))
