"""top-logprobs-count: another number of alternatives."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules._responses import message, part, response, whole
from tests.rules_table import ASK, Row, completion, plain, rewritten

LIKELY = ((" x", -3.0), (" y", -4.0), (" z", -5.0), (" v", -6.0))


def entry(place: int, alternatives: int) -> dict[str, Any]:
    token, score = "abcdef"[place], -0.1 * (place + 1)
    found = [{"token": t, "logprob": p, "bytes": None} for t, p in ((token, score), *LIKELY)]
    return {"token": token, "logprob": score, "bytes": None, "top_logprobs": found[:alternatives]}


def scored(*counts: int, asks: Any = 2) -> Exchange:
    """A text of as many tokens, each with so many alternatives."""
    body = completion({"content": "abcdef"[: len(counts)]})
    entries = [entry(place, count) for place, count in enumerate(counts)]
    body["choices"][0]["logprobs"] = {"content": entries, "refusal": None}
    return plain(body, {**ASK, "logprobs": True, "top_logprobs": asks})


def responded(*counts: int) -> Exchange:
    entries = [entry(place, count) for place, count in enumerate(counts)]
    said = message(content=[part("abcdef"[: len(counts)], logprobs=entries)])
    ask = {"model": "m", "input": "Hi", "include": ["message.output_text.logprobs"], "top_logprobs": 2}
    return whole(response(said), ask)


CASES = (
    Row("S70: none at all", scored(2, 2, 2), scored(0, 0, 0), ("risky choices[0].logprobs",)),
    Row(
        "no list at all is logprobs-incomplete's",
        scored(2, 2, 2),
        rewritten(scored(0, 0, 0), b', "top_logprobs": []', b""),
        (),
        ("risky logprobs-incomplete choices[0].logprobs.content[0].top_logprobs",),
    ),
    Row("a response", responded(2, 2, 2), responded(0, 0, 0), ("risky output[0].content[0].logprobs",)),
    Row("one where two are asked for", scored(2, 2, 2), scored(1, 1, 1), ("info choices[0].logprobs",)),
    Row("two more", scored(2, 2, 2), scored(4, 4, 4), ("info choices[0].logprobs",)),
    Row("the sampled token beside the likeliest", scored(2, 2, 2), scored(3, 2, 3)),
    Row("B19: a mask leaves some tokens with fewer", scored(2, 2, 2), scored(2, 1, 0)),
    Row("one token shows nothing", scored(2, 2, 2), scored(0)),
    Row("two do", scored(2, 2, 2), scored(0, 0), ("risky choices[0].logprobs",)),
    Row("the golden has fewer, too", scored(1, 1, 1), scored(0, 0, 0)),
    Row("no number is asked for", scored(2, 2, 2, asks=None), scored(0, 0, 0, asks=None)),
)
