"""logprobs-incomplete: asked for, and missing or half there."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules._responses import message, part, response, whole
from tests.rules_table import ASK, ROLE, Row, chunk, completion, plain, stream

ASKED = {**ASK, "logprobs": True, "top_logprobs": 1}
ENTRY = {"token": "\n", "logprob": -2.3e-05, "bytes": [10], "top_logprobs": []}


def scored(entry: Any) -> dict[str, Any]:
    """A completion with log probabilities for one token; None for none."""
    logprobs = {"content": [entry], "refusal": None} if entry else None
    return completion(choices=[{**completion()["choices"][0], "logprobs": logprobs}])


def spoken(entry: Any) -> dict[str, Any]:
    """A chunk with log probabilities for its token."""
    logprobs = {"content": [entry], "refusal": None} if entry else None
    return chunk(choices=[{"index": 0, "delta": {"content": "Hi"}, "logprobs": logprobs, "finish_reason": None}])


def legacy(tokens: Any, score: Any = -0.1) -> Exchange:
    """A legacy completion with log probabilities for these tokens."""
    scores = {"tokens": tokens, "token_logprobs": [score], "top_logprobs": None, "text_offset": [0]}
    choice = {"index": 0, "text": "a", "logprobs": scores, "finish_reason": "stop"}
    head = {"id": "cmpl-1", "object": "text_completion", "created": 1721172741, "model": "m"}
    return plain({**head, "choices": [choice]}, {"model": "m", "prompt": "x", "logprobs": 1}, url="/v1/completions")


SAID = {"token": "Hi", "logprob": -0.1, "bytes": None, "top_logprobs": []}
COMPLETION = scored(ENTRY)
FIRST = COMPLETION["choices"][0]
SECOND = {**FIRST, "index": 1}


def responded(entries: Any, include: Any = ("message.output_text.logprobs",)) -> Exchange:
    """A response with these entries."""
    text = "Hi" * max(1, len(entries))
    return whole(
        response(message(content=[part(text, logprobs=entries)])), {"model": "m", "input": "Hi", "include": include}
    )


CASES = (
    Row(
        "S23: logprob is null and top_logprobs is gone (SillyTavern 4680)",
        plain(scored(ENTRY), ASKED),
        plain(scored({"token": "\n", "logprob": None, "bytes": None}), ASKED),
        ("breaking choices[0].logprobs.content[0].logprob", "risky choices[0].logprobs.content[0].top_logprobs"),
    ),
    Row(
        "they are asked for and do not come (xorbitsai/inference 5252)",
        plain(scored(ENTRY), ASKED),
        plain(scored(None), ASKED),
        ("breaking choices[0].logprobs",),
    ),
    Row(
        "the same in a stream",
        stream(ROLE, spoken(ENTRY), chunk({}, "stop"), request=ASKED),
        stream(ROLE, spoken(None), chunk({}, "stop"), request=ASKED),
        ("breaking choices[0].logprobs",),
    ),
    Row(
        "the object comes without its tokens",
        plain(scored(ENTRY), ASKED),
        plain(
            completion(choices=[{**completion()["choices"][0], "logprobs": {"content": None, "refusal": None}}]), ASKED
        ),
        ("breaking choices[0].logprobs.content",),
    ),
    Row(
        "S23, benign twin: top_logprobs is empty",
        plain(scored({**ENTRY, "top_logprobs": [{"token": "\n", "logprob": -0.1, "bytes": None}]}), ASKED),
        plain(scored(ENTRY), ASKED),
    ),
    Row("B20: nobody asked for them", plain(scored(ENTRY)), plain(scored(None))),
    Row(
        "S23, benign twin: entries without a token, in the golden too",
        plain(scored({"logprob": -0.1}), ASKED),
        plain(scored({"logprob": -0.2}), ASKED),
    ),
    Row(
        "a legacy completion without its tokens",
        legacy(["a"]),
        legacy(None),
        ("breaking choices[0].logprobs.tokens",),
    ),
    Row(
        "a number as text, in a legacy completion",
        legacy(["a"]),
        legacy(["a"], "NaN"),
        ("breaking choices[0].logprobs",),
    ),
    Row("none for the first token, with echo", legacy(["a"]), legacy(["a"], None)),
    Row("a response without any", responded([SAID]), responded([]), ("breaking output[0].content[0].logprobs",)),
    Row(
        "a response with null",
        responded([SAID]),
        responded([{**SAID, "logprob": None}]),
        ("breaking output[0].content[0].logprobs",),
    ),
    Row(
        "a response whose entry has no token",
        responded([SAID, SAID]),
        responded([SAID, {**SAID, "token": 17}]),
        ("breaking output[0].content[0].logprobs",),
        ("breaking logprobs-lack-tokens output[0].content[0].logprobs",),
    ),
    Row("nobody asks for them", responded([SAID], ()), responded([], ())),
    Row(
        "the second choice alone",
        plain({**COMPLETION, "choices": [FIRST, SECOND]}, ASKED),
        plain({**COMPLETION, "choices": [FIRST, {**SECOND, "logprobs": None}]}, ASKED),
        ("breaking choices[1].logprobs",),
    ),
    Row(
        "bytes with a sign, as Java has them",
        plain(scored({**ENTRY, "token": "é", "bytes": [195, 169]}), ASKED),
        plain(scored({**ENTRY, "token": "é", "bytes": [-61, -87]}), ASKED),
        ("risky choices[0].logprobs",),
    ),
    Row("no bytes", plain(scored(ENTRY), ASKED), plain(scored({**ENTRY, "bytes": None}), ASKED)),
    Row(
        "chat's entries in a legacy completion",
        legacy(["a"]),
        plain(
            {
                **completion(),
                "object": "text_completion",
                "choices": [{"index": 0, "text": "Hi", "logprobs": {"content": [SAID]}, "finish_reason": "stop"}],
            },
            {"model": "m", "prompt": "x", "logprobs": 1},
            url="/v1/completions",
        ),
        ("breaking choices[0].logprobs.content",),
    ),
    Row(
        "and the reverse",
        plain(COMPLETION, ASKED),
        plain(
            completion(
                choices=[{**FIRST, "logprobs": {"tokens": ["\n"], "token_logprobs": [-0.1], "top_logprobs": None}}]
            ),
            ASKED,
        ),
        ("breaking choices[0].logprobs.tokens",),
    ),
)
