"""usage-details-lost: the breakdown is missing."""

from __future__ import annotations

from tests.rules_table import USAGE, Row, completion, plain

DETAILED = {**USAGE, "completion_tokens_details": {"reasoning_tokens": 0}}

CASES = (
    Row(
        "US08: Vertex leaves the breakdown out (openai/openai-python 2544)",
        plain(completion(usage=DETAILED)),
        plain(completion(usage={**USAGE, "completion_tokens_details": None})),
        ("info usage.completion_tokens_details",),
    ),
    Row(
        "US08, benign twin: more details",
        plain(completion(usage=DETAILED)),
        plain(completion(usage={**USAGE, "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0}})),
    ),
    Row(
        "B16: a golden sample without them",
        [plain(completion(usage=DETAILED)), plain(completion())],
        plain(completion()),
    ),
)
