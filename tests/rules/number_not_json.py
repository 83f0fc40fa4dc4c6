"""number-not-json: NaN and Infinity."""

from __future__ import annotations

from tests.rules_table import ASK, Row, completion, plain

ASKED = {**ASK, "logprobs": True}


def scored(logprob: float) -> dict[str, object]:
    """A completion with one log probability."""
    entry = {"token": "Hello", "logprob": logprob, "bytes": [72], "top_logprobs": []}
    return completion(choices=[{**completion()["choices"][0], "logprobs": {"content": [entry], "refusal": None}}])


CASES = (
    Row(
        "S21: an alternative of probability zero (sgl-project/sglang 5984)",
        plain(scored(-9999.0), ASKED),
        plain(scored(float("-inf")), ASKED),
        ("breaking choices[0].logprobs.content[0].logprob",),
    ),
    Row(
        "a score that is not a number, in a vendor's own field",
        plain(completion(scores=[0.5, 0.25])),
        plain(completion(scores=[0.5, float("nan")])),
        ("breaking scores[1]",),
    ),
    Row("S21, benign twin: another finite number", plain(scored(-0.1), ASKED), plain(scored(-3.5), ASKED)),
    Row("a golden that does it too", plain(scored(float("nan")), ASKED), plain(scored(float("nan")), ASKED)),
)
