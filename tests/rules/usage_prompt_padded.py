"""usage-prompt-padded: a prompt that got more."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules_table import ASK, USAGE, Row, completion, plain


def spent(prompt: int, request: Any = ASK, **details: Any) -> Exchange:
    usage = {**USAGE, "prompt_tokens": prompt, "total_tokens": prompt + 3, **details}
    return plain(completion(usage=usage), request)


CASES = (
    Row(
        "US16: instructions of a gateway (OpenRouterTeam/awesome-openrouter 92)",
        spent(40),
        spent(2600),
        ("risky usage.prompt_tokens",),
    ),
    Row("US16: just more than twice", spent(1000), spent(2001), ("risky usage.prompt_tokens",)),
    Row("US16, benign twin: another tokenizer", spent(12420), spent(15300)),
    Row("just twice", spent(1000), spent(2000)),
    Row("the preamble of tools", spent(40), spent(700)),
)
