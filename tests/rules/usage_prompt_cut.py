"""usage-prompt-cut: a prompt that lost a part."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules import _responses as r
from tests.rules_table import ASK, EMBED, USAGE, Row, completion, embedding, plain


def spent(prompt: int, request: Any = ASK, **details: Any) -> Exchange:
    usage = {**USAGE, "prompt_tokens": prompt, "total_tokens": prompt + 3, **details}
    return plain(completion(usage=usage), request)


IMAGE = {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://a.test/b.png"}}]}


def responded(prompt: int) -> Exchange:
    return r.whole(r.response(usage={**r.USAGE, "input_tokens": prompt, "total_tokens": prompt + 3}))


def embedded(prompt: int) -> Exchange:
    usage = {"prompt_tokens": prompt, "total_tokens": prompt}
    return plain(embedding([0.6, 0.8], usage=usage), {"model": "m", "input": "a text"}, url=EMBED)


WORDY = {**ASK, "messages": [{"role": "user", "content": "word " * 80}]}
NUMBERS = {**ASK, "messages": [{"role": "user", "content": "1 - 2 " * 40}]}

CASES = (
    Row(
        "US15: a context of 4,096 (ollama/ollama 17889)",
        spent(12420),
        spent(4042),
        ("risky usage.prompt_tokens",),
    ),
    Row(
        "a usage of zeros says nothing of the prompt (aimock 1.22)",
        spent(12420),
        spent(0, completion_tokens=0, total_tokens=0),
        also=("breaking usage-incomplete usage.prompt_tokens",),
    ),
    Row("nor do zeros of the golden", spent(0, completion_tokens=0, total_tokens=0), spent(12420)),
    Row("one token is a count", spent(12420), spent(1), ("risky usage.prompt_tokens",)),
    Row("US15: a response", responded(12420), responded(2051), ("risky usage.prompt_tokens",)),
    Row("US15: just more than a half is gone", spent(4000), spent(1999), ("risky usage.prompt_tokens",)),
    Row("US15, benign twin: another tokenizer", spent(16200), spent(9300)),
    Row("just a half", spent(4000), spent(2000)),
    Row("a short prompt: templates differ by hundreds of tokens", spent(1008), spent(9)),
    Row("just a thousand of them is too much", spent(1009), spent(9), ("risky usage.prompt_tokens",)),
    Row(
        "an image counts as each model likes",
        spent(9000, {**ASK, "messages": [IMAGE]}),
        spent(900, {**ASK, "messages": [IMAGE]}),
    ),
    Row(
        "US12: cached tokens beside the prompt",
        spent(9000),
        spent(1000, prompt_tokens_details={"cached_tokens": 8000}),
        also=(
            "risky usage-part-exceeds usage.prompt_tokens_details.cached_tokens",
            "risky usage-prompt-differs usage.prompt_tokens",
        ),
    ),
    Row(
        "a search that the provider runs",
        spent(9000, {**ASK, "tools": [{"type": "web_search"}]}),
        spent(900, {**ASK, "tools": [{"type": "web_search"}]}),
    ),
    Row(
        "earlier turns that the server holds",
        spent(9000, {**ASK, "previous_response_id": "r"}),
        spent(900, {**ASK, "previous_response_id": "r"}),
    ),
    Row("EM: a text cut to the window of its model", embedded(1300), embedded(512), ("risky usage.prompt_tokens",)),
    Row("another tokenizer of embeddings", embedded(380), embedded(181)),
    Row("one golden sample counts as few", [spent(12420), spent(4000)], spent(4042)),
    Row("fewer tokens than half of the words", spent(90, WORDY), spent(39, WORDY), ("risky usage.prompt_tokens",)),
    *(
        Row(
            f"the same in {where}",
            spent(90, {**ASK, where: "word " * 80}),
            spent(39, {**ASK, where: "word " * 80}),
            ("risky usage.prompt_tokens",),
        )
        for where in ("prompt", "instructions")
    ),
    Row("a token for two words", spent(90, WORDY), spent(40, WORDY)),
    Row("numbers and marks may share one", spent(90, NUMBERS), spent(39, NUMBERS)),
    Row("the golden counts as few", spent(38, WORDY), spent(38, WORDY)),
    Row(
        "the server may drop turns",
        spent(90, {**WORDY, "truncation": "auto"}),
        spent(39, {**WORDY, "truncation": "auto"}),
    ),
    Row(
        "cached tokens beside the others",
        spent(90, WORDY),
        spent(30, WORDY, prompt_tokens_details={"cached_tokens": 30}),
    ),
    Row(
        "the text of a response, and a list of prompts",
        r.whole(
            r.response(usage={**r.USAGE, "input_tokens": 90, "total_tokens": 93}), {"model": "m", "input": "word " * 80}
        ),
        r.whole(
            r.response(usage={**r.USAGE, "input_tokens": 39, "total_tokens": 42}), {"model": "m", "input": "word " * 80}
        ),
        ("risky usage.prompt_tokens",),
    ),
)
