"""choices-count: n is not honoured."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules_table import ASK, Row, completion, plain


def many(count: int, asked: int | None = 2) -> Exchange:
    """A completion with that many choices."""
    choices = [{**completion()["choices"][0], "index": index} for index in range(count)]
    return plain(completion(choices=choices), {**ASK, "n": asked} if asked else ASK)


def completed(*indexes: int) -> Exchange:
    choices = [{"text": "Hi.", "index": i, "logprobs": None, "finish_reason": "stop"} for i in indexes]
    head = {"id": "cmpl-1", "object": "text_completion", "created": 1, "model": "m"}
    return plain({**head, "choices": choices}, {"model": "m", "prompt": ["a", "b"]}, url="/v1/completions")


CASES = (
    Row("one choice for n=2 (openrouter-chat-j-c9f0e58994)", many(2), many(1), ("breaking choices",)),
    Row(
        "both choices have index 0 (TL02's mechanism)",
        many(2),
        plain(completion(choices=completion()["choices"] * 2), {**ASK, "n": 2}),
        ("risky choices[1].index",),
    ),
    Row(
        "the only choice has index 1",
        plain(completion()),
        plain(completion(choices=[{**completion()["choices"][0], "index": 1}])),
        ("risky choices[0].index",),
    ),
    Row("as many as asked", many(2), many(2)),
    Row("a golden that ignores n as well", many(1), many(2)),
    Row("nobody asked", many(1, None), many(2, None)),
    Row(
        "TL02's mechanism, benign twin: the golden numbers them so as well",
        plain(completion(choices=completion()["choices"] * 2), {**ASK, "n": 2}),
        plain(completion(choices=completion()["choices"] * 2), {**ASK, "n": 2}),
    ),
    Row(
        "a legacy answer to a list of prompts: both have index 0",
        completed(0, 1),
        completed(0, 0),
        ("risky choices[1].index",),
    ),
    Row("a legacy answer in another order", completed(0, 1), completed(1, 0)),
)
