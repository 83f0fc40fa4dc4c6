"""usage-part-exceeds: parts of usage against the whole."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules import _responses as r
from tests.rules_table import USAGE, Row, completion, plain


def spent(reasoning: int, cached: int = 0) -> Exchange:
    details: dict[str, Any] = {
        "completion_tokens_details": {"reasoning_tokens": reasoning},
        "prompt_tokens_details": {"cached_tokens": cached},
    }
    return plain(completion(usage={**USAGE, **details}))


def responded(reasoning: int) -> Exchange:
    usage = {**r.USAGE, "output_tokens_details": {"reasoning_tokens": reasoning}}
    return r.whole(r.response(usage=usage))


def heard(audio: int) -> Exchange:
    usage = {"type": "tokens", "input_tokens": 14, "input_token_details": {"audio_tokens": audio}}
    body = {"text": "Hello.", "usage": {**usage, "output_tokens": 3, "total_tokens": 17}}
    return plain(body, {"model": "m"}, url="/v1/audio/transcriptions")


CASES = (
    Row(
        "US13: reasoning is counted apart (BerriAI/litellm 24526)",
        spent(2),
        spent(4),
        ("risky usage.completion_tokens_details.reasoning_tokens",),
    ),
    Row(
        "US13: cached tokens",
        spent(0),
        spent(0, cached=10),
        ("risky usage.prompt_tokens_details.cached_tokens",),
    ),
    Row(
        "US13: a response",
        responded(2),
        responded(4),
        ("risky usage.output_tokens_details.reasoning_tokens",),
    ),
    Row("US13, benign twin: all of it was reasoning", spent(2), spent(3, cached=9)),
    Row("the golden counts apart as well", spent(4), spent(5)),
    *(
        Row(
            f"US13: {name}",
            plain(completion()),
            plain(completion(usage={**USAGE, "completion_tokens_details": {name: 4}})),
            (f"risky usage.completion_tokens_details.{name}",),
        )
        for name in ("audio_tokens", "text_tokens", "image_tokens")
    ),
    *(
        Row(
            f"US13: {name}",
            plain(completion()),
            plain(completion(usage={**USAGE, "completion_tokens_details": {name: 4}})),
            (f"risky usage.completion_tokens_details.{name}",),
        )
        for name in ("accepted_prediction_tokens", "rejected_prediction_tokens")
    ),
    Row(
        "text and sound together",
        plain(completion()),
        plain(completion(usage={**USAGE, "prompt_tokens_details": {"text_tokens": 6, "audio_tokens": 4}})),
        ("risky usage.prompt_tokens_details.text_tokens",),
    ),
    Row(
        "all of it",
        plain(completion()),
        plain(completion(usage={**USAGE, "prompt_tokens_details": {"text_tokens": 6, "audio_tokens": 3}})),
    ),
    Row(
        "cached tokens are text as well",
        plain(completion()),
        plain(completion(usage={**USAGE, "prompt_tokens_details": {"text_tokens": 9, "cached_tokens": 9}})),
    ),
    Row(
        "and images",
        plain(completion()),
        plain(completion(usage={**USAGE, "prompt_tokens_details": {"text_tokens": 6, "image_tokens": 4}})),
        ("risky usage.prompt_tokens_details.text_tokens",),
    ),
    *(
        Row(
            f"a vendor's count beside the others: {name}",
            plain(completion(usage={**USAGE, name: 9})),
            plain(completion(usage={**USAGE, name: 10})),
            (f"risky usage.{name}",),
        )
        for name in ("cached_tokens", "prompt_cache_hit_tokens", "prompt_cache_miss_tokens", "num_cached_tokens")
    ),
    Row(
        "Anthropic's is no part",
        plain(completion(usage={**USAGE, "cache_read_input_tokens": 9})),
        plain(completion(usage={**USAGE, "cache_read_input_tokens": 10})),
    ),
    Row(
        "reasoning beside the others",
        plain(completion(usage={**USAGE, "reasoning_tokens": 3})),
        plain(completion(usage={**USAGE, "reasoning_tokens": 4})),
        ("risky usage.reasoning_tokens",),
    ),
    Row(
        "a transcription's",
        heard(9),
        heard(15),
        ("risky usage.input_token_details.audio_tokens",),
    ),
)
