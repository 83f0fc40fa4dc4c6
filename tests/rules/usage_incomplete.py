"""usage-incomplete: {} or a missing count."""

from __future__ import annotations

from tests.rules_table import HELLO, USAGE, Row, completion, plain, stream

CASES = (
    Row(
        "US05: Gemini's reply has no completion_tokens (agentgateway 1464)",
        plain(completion()),
        plain(completion(usage={"prompt_tokens": 9, "total_tokens": 9})),
        ("breaking usage.completion_tokens",),
    ),
    Row(
        "US05: an empty object (BerriAI/litellm 1571)",
        plain(completion()),
        plain(completion(usage={})),
        ("breaking usage",),
    ),
    Row(
        "an embedding whose usage only has the total",
        plain(
            {"object": "list", "data": [], "model": "m", "usage": {"prompt_tokens": 7, "total_tokens": 7}},
            url="/v1/embeddings",
        ),
        plain({"object": "list", "data": [], "model": "m", "usage": {"total_tokens": 7}}, url="/v1/embeddings"),
        ("breaking usage.prompt_tokens",),
    ),
    Row(
        "RS10's kin: all counts are 0",
        plain(completion()),
        plain(completion(usage={"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0})),
        ("breaking usage.prompt_tokens",),
    ),
    Row(
        "US05, benign twin: the golden is as incomplete",
        plain(completion(usage={"prompt_tokens": 9, "total_tokens": 9})),
        plain(completion(usage={"prompt_tokens": 9, "total_tokens": 9})),
    ),
    Row(
        "B15: other numbers",
        plain(completion()),
        plain(completion(usage={"prompt_tokens": 11, "completion_tokens": 40, "total_tokens": 51})),
    ),
    Row(
        "B16: details that come and go",
        plain(completion()),
        plain(completion(usage={**USAGE, "prompt_tokens_details": None})),
    ),
    Row(
        "US05: an empty object on every chunk",
        stream(*HELLO),
        stream(*({**c, "usage": {}} for c in HELLO)),
        ("risky usage",),
    ),
    Row("US05, benign twin: null on every chunk", stream(*HELLO), stream(*({**c, "usage": None} for c in HELLO))),
    Row(
        "a transcript is billed by its length",
        plain({"text": "Hi", "usage": {"type": "tokens", **USAGE}}, url="/v1/audio/transcriptions"),
        plain({"text": "Hi", "usage": {"type": "duration", "seconds": 9}}, url="/v1/audio/transcriptions"),
    ),
)
