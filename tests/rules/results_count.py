"""results-count: one result for each thing."""

from __future__ import annotations

import json
from typing import Any

from gate.model import Exchange, Request, Response
from tests.rules_table import Row, plain


def images(count: int, **request: Any) -> Exchange:
    data = [{"url": f"https://a.test/{i}.png"} for i in range(count)]
    return plain({"created": 1, "data": data}, {"model": "m", "prompt": "x", **request}, url="/v1/images/generations")


def moderated(count: int, what: Any) -> Exchange:
    result = {"flagged": False, "categories": {"hate": False}, "category_scores": {"hate": 0.1}}
    body = {"id": "modr-1", "model": "m", "results": [result] * count}
    return plain(body, {"model": "m", "input": what}, url="/v1/moderations")


def completed(count: int, prompt: Any, **request: Any) -> Exchange:
    choices = [{"text": "x", "index": i, "logprobs": None, "finish_reason": "length"} for i in range(count)]
    head = {"id": "cmpl-1", "object": "text_completion", "created": 1, "model": "m"}
    return plain({**head, "choices": choices}, {"model": "m", "prompt": prompt, **request}, url="/v1/completions")


def listed(*names: str) -> Exchange:
    data = [{"id": name, "object": "model", "created": 1, "owned_by": "us"} for name in names]
    body = json.dumps({"object": "list", "data": data}).encode()
    return Exchange(
        Request("GET", "https://host.test/v1/models"),
        Response(200, "OK", (("content-type", "application/json"),), body),
    )


def ranked(count: int, under: str = "results", **request: Any) -> Exchange:
    results = [{"index": i, "relevance_score": 0.5} for i in range(count)]
    ask = {"model": "m", "query": "q", "documents": ["a", "b", "c"], **request}
    return plain({under: results}, ask, url="/v1/rerank")


CASES = (
    Row("one image of two", images(2, n=2), images(1, n=2), ("breaking data",)),
    Row(
        "a moderation for the first input alone",
        moderated(2, ["a", "b"]),
        moderated(1, ["a", "b"]),
        ("breaking results",),
    ),
    Row(
        "ggml-org/llama.cpp 27174: the first prompt of a list",
        completed(3, ["a", "b", "c"]),
        completed(1, ["a", "b", "c"]),
        ("breaking choices",),
    ),
    Row("two for each prompt", completed(4, ["a", "b"], n=2), completed(2, ["a", "b"], n=2), ("breaking choices",)),
    Row("prompts in tokens", completed(2, [[1], [2]]), completed(1, [[1], [2]]), ("breaking choices",)),
    Row("no model", listed("a"), listed(), ("breaking data",)),
    Row("a ranking without the last document", ranked(3), ranked(2), ("risky results",)),
    Row("Voyage's: under data", ranked(3, "data"), ranked(2, "data"), ("risky data",)),
    Row("top_n is not honoured", ranked(2, top_n=2), ranked(3, top_n=2), ("risky results",)),
    Row("top_n beyond the documents", ranked(3, top_n=5), ranked(3, top_n=5)),
    Row("the golden's ranking has a threshold of its own", ranked(2), ranked(1)),
    Row("one prompt in tokens", completed(1, [1, 2, 3]), completed(1, [1, 2, 3])),
    Row(
        "parts of one input",
        moderated(1, [{"type": "text", "text": "a"}, {"type": "image_url", "image_url": {"url": "u"}}]),
        moderated(1, [{"type": "text", "text": "a"}, {"type": "image_url", "image_url": {"url": "u"}}]),
    ),
    Row("other models", listed("a", "b"), listed("c")),
    Row("the golden ignores n", images(1, n=2), images(2, n=2)),
)
