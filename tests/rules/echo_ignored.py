"""echo-ignored: a prompt that does not come back."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules_table import Row, plain


def completed(*texts: str, prompt: Any = "The cat sat", **request: Any) -> Exchange:
    choices = [{"text": text, "index": i, "logprobs": None, "finish_reason": "length"} for i, text in enumerate(texts)]
    head = {"id": "cmpl-1", "object": "text_completion", "created": 1, "model": "m"}
    ask = {"model": "m", "prompt": prompt, "echo": True, **request}
    return plain({**head, "choices": choices}, ask, url="/v1/completions")


CASES = (
    Row(
        "labscommunity/cascadia 92 has it; many servers drop it",
        completed("The cat sat on"),
        completed(" on"),
        ("breaking choices[0].text",),
    ),
    Row(
        "the second of two prompts",
        completed("ab", "cd", prompt=["a", "c"]),
        completed("ab", "d", prompt=["a", "c"]),
        ("breaking choices[1].text",),
    ),
    Row("another continuation", completed("The cat sat on"), completed("The cat sat down")),
    Row("nobody asks", completed("The cat sat on", echo=False), completed(" on", echo=False)),
    Row("the golden does not echo", completed(" on"), completed(" on")),
    Row("a prompt in tokens", completed("on", prompt=[1, 2]), completed("off", prompt=[1, 2])),
    Row(
        "the answers of two prompts are in another order",
        completed("ab", "cd", prompt=["a", "c"]),
        completed("cd", "ab", prompt=["a", "c"]),
        ("breaking choices[0].text",),
    ),
    Row(
        "two of each",
        completed("ab", "ad", "ce", "cf", prompt=["a", "c"], n=2),
        completed("ax", "ay", "cz", "c", prompt=["a", "c"], n=2),
    ),
    Row(
        "a number that no prompts divide",
        completed("ab", "cd", "ae", prompt=["a", "c"]),
        completed("ab", "cd", "ax", prompt=["a", "c"]),
    ),
)
