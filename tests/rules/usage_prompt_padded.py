"""usage-prompt-padded: a prompt that got more."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules_table import ASK, USAGE, Row, completion, embedded, plain


def spent(prompt: int, request: Any = ASK, **details: Any) -> Exchange:
    usage = {**USAGE, "prompt_tokens": prompt, "total_tokens": prompt + 3, **details}
    return plain(completion(usage=usage), request)


def bare(prompt: int) -> Exchange:
    """The embedding of a text of so many tokens."""
    return embedded([0.6, 0.8], top={"usage": {"prompt_tokens": prompt, "total_tokens": prompt}})


def holding(part: Any) -> dict[str, Any]:
    return {**ASK, "messages": [{"role": "user", "content": [part]}]}


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
    Row("a bare text, just far enough", bare(10), bare(215), ("risky usage.prompt_tokens",)),
    Row("a bare text, just not far enough", bare(10), bare(205)),
    *(
        Row(f"{kind} counts as it likes", spent(40, holding({"type": kind})), spent(2600, holding({"type": kind})))
        for kind in ("image_url", "input_image", "input_audio", "file", "input_file", "video_url")
    ),
    *(
        Row(f"earlier turns under {key}", spent(40, {**ASK, key: "a"}), spent(2600, {**ASK, key: "a"}))
        for key in ("previous_response_id", "conversation")
    ),
    Row(
        "a prompt that the server holds",
        spent(40, {**ASK, "prompt": {"id": "pmpt_1"}}),
        spent(2600, {**ASK, "prompt": {"id": "pmpt_1"}}),
    ),
    *(
        Row(
            f"a {kind} of the client",
            spent(40, {**ASK, "tools": [{"type": kind, kind: {"name": "f"}}]}),
            spent(2600, {**ASK, "tools": [{"type": kind, kind: {"name": "f"}}]}),
            ("risky usage.prompt_tokens",),
        )
        for kind in ("function", "custom")
    ),
)
