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
)
