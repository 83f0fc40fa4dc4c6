"""limit-ignored: more tokens than the request allows."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules import _responses as r
from tests.rules_table import ASK, Row, completion, plain


def wrote(tokens: int, finish: str = "length", **details: Any) -> Exchange:
    """An answer of that many tokens to a request with a limit."""
    usage = {"prompt_tokens": 9, "completion_tokens": tokens, "total_tokens": 9 + tokens, **details}
    return plain(completion({"content": "word " * tokens}, finish, usage=usage), {**ASK, "max_completion_tokens": 8})


REASONED = {"completion_tokens_details": {"reasoning_tokens": 130}}


def responded(tokens: int, **details: Any) -> Exchange:
    """A response of that many tokens to a request with a limit."""
    usage = {"input_tokens": 9, "output_tokens": tokens, "total_tokens": 9 + tokens, **details}
    return r.whole(r.response(usage=usage), {**r.ASK, "max_output_tokens": 8})


CASES = (
    Row(
        "PA02: the name of the limit is unknown there (AtomaAI/atoma-infer 244)",
        wrote(8),
        wrote(136, "stop"),
        ("breaking usage.completion_tokens",),
    ),
    Row(
        "only hidden reasoning is beyond it",
        wrote(8),
        wrote(136, "stop", **REASONED),
        ("risky usage.completion_tokens",),
    ),
    Row(
        "xAI counts reasoning apart: what is beyond the limit is text",
        wrote(8),
        wrote(136, "stop", completion_tokens_details={"reasoning_tokens": 264}),
        ("breaking usage.completion_tokens",),
        ("risky usage-part-exceeds usage.completion_tokens_details.reasoning_tokens",),
    ),
    Row("PA02, benign twin: fewer tokens", wrote(8), wrote(7, "stop")),
    Row("B25: the limit itself", wrote(8), wrote(8)),
    Row("a golden that goes beyond it as well", wrote(9), wrote(136)),
    Row(
        "only hidden reasoning is beyond it, as the Responses API counts it",
        responded(8),
        responded(136, output_tokens_details={"reasoning_tokens": 130}),
        ("risky usage.completion_tokens",),
    ),
)
