"""echo-unasked: the prompt before the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gate.model import Exchange
from tests.rules_table import Row, plain

PROMPT = "The Nile is"
ASK: Mapping[str, Any] = {"model": "m", "prompt": PROMPT}
FIRES = ("risky choices[0].text",)


def completed(text: str, ask: Mapping[str, Any] = ASK) -> Exchange:
    """A legacy completion."""
    choice = {"index": 0, "text": text, "logprobs": None, "finish_reason": "stop"}
    head = {"id": "cmpl-1", "object": "text_completion", "created": 1721172741, "model": "m"}
    return plain({**head, "choices": [choice], "usage": None}, ask, url="/v1/completions")


SHORT = {**ASK, "prompt": "The Nile"}
ECHO = {**ASK, "echo": True}
LISTED = {**ASK, "prompt": [PROMPT]}
HA = {"model": "m", "prompt": "ha ha ha"}

CASES = (
    Row(
        "PA42: what a pipeline returns as a whole (elixir-nx/bumblebee 296)",
        completed(" long."),
        completed(f"{PROMPT} long."),
        FIRES,
    ),
    Row("a list of prompts", completed(" long.", LISTED), completed(f"{PROMPT} long.", LISTED), FIRES),
    Row(
        "PA42, benign twin: two words may be said again",
        completed(" is long.", SHORT),
        completed("The Nile is long.", SHORT),
    ),
    Row("the prompt within the text", completed(" long."), completed(" long. The Nile is wide.")),
    Row("a word again and again", completed(" ha ha", HA), completed("ha ha ha ha ha", HA)),
    Row("it was asked for", completed(f"{PROMPT} long.", ECHO), completed(f"{PROMPT} wide.", ECHO)),
    Row("the golden does the same", completed(f"{PROMPT} long."), completed(f"{PROMPT} wide.")),
)
