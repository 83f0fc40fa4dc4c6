"""moderation-scores-impossible: scores beyond 0 and 1."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules_table import Row, completion, plain


def scored(*scores: Any) -> Exchange:
    results = [{"flagged": False, "categories": {"hate": False}, "category_scores": {"hate": s}} for s in scores]
    body = {"id": "modr-1", "model": "m", "results": results}
    return plain(body, {"model": "m", "input": ["a"] * len(scores)}, url="/v1/moderations")


def both(hate: Any, violence: Any) -> Exchange:
    scores = {"hate": hate, "violence": violence}
    result = {"flagged": False, "categories": dict.fromkeys(scores, False), "category_scores": scores}
    body = {"id": "modr-1", "model": "m", "results": [result]}
    return plain(body, {"model": "m", "input": "a"}, url="/v1/moderations")


CASES = (
    Row("S66: per cent", scored(0.02), scored(2.1), ("risky results[0].category_scores",)),
    Row("S66: logarithms, in the second", scored(0.02, 0.1), scored(0.02, -3.9), ("risky results[1].category_scores",)),
    Row("S66: null", scored(0.02), scored(None), ("risky results[0].category_scores",)),
    Row("S66: a stub has 0 for all", both(0.02, 0.1), both(0, 0.0), ("risky results[0].category_scores",)),
    Row("just more than two digits lose", both(0.0052, 0.001), both(0, 0), ("risky results[0].category_scores",)),
    Row("what two digits lose", both(0.005, 0.001), both(0, 0)),
    Row("one of them is 0", both(0.02, 0.1), both(0, 1e-6)),
    Row("the golden is a stub, too", both(0, 0), both(0, 0.0)),
    Row("S66, benign twin: another score", scored(0.02), scored(0.93)),
    Row("from 0", scored(0.02), scored(0)),
    Row("to 1", scored(0.02), scored(1)),
    Row("the golden has them as well", scored(2.1), scored(3.1)),
    Row("a text", scored(0.02), scored("0.02"), also=("breaking field-type-changed results[0].category_scores.hate",)),
    Row(
        "no scores",
        scored(0.02),
        plain(
            {"id": "modr-1", "model": "m", "results": [{"flagged": False, "categories": {"hate": False}}]},
            {"model": "m", "input": ["a"]},
            url="/v1/moderations",
        ),
        also=("breaking field-missing results[0].category_scores",),
    ),
    Row("no moderation", plain(completion()), plain(completion())),
)
