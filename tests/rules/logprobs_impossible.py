"""logprobs-impossible: values that can not be."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules_table import ASK, Row, completion, plain

LOGPROBS = {**ASK, "logprobs": True, "top_logprobs": 2}
PATH = ("risky choices[0].logprobs",)


def entry(token: str, logprob: float = -0.1, **top: float) -> dict[str, Any]:
    likely = [{"token": t, "logprob": p, "bytes": None} for t, p in top.items()]
    return {"token": token, "logprob": logprob, "bytes": None, "top_logprobs": likely}


def scored(*entries: dict[str, Any]) -> Exchange:
    text = "".join(e["token"] for e in entries)
    body = completion({"content": text})
    body["choices"][0]["logprobs"] = {"content": list(entries), "refusal": None}
    return plain(body, LOGPROBS)


def legacy(score: float) -> Exchange:
    scores = {"tokens": ["a"], "token_logprobs": [score], "top_logprobs": [{"a": score}], "text_offset": [0]}
    choice = {"index": 0, "text": "a", "logprobs": scores, "finish_reason": "stop"}
    head = {"id": "cmpl-1", "object": "text_completion", "created": 1, "model": "m"}
    return plain({**head, "choices": [choice]}, {"model": "m", "prompt": "x", "logprobs": 1}, url="/v1/completions")


def refused(score: float) -> Exchange:
    body = completion({"content": None, "refusal": "No."})
    body["choices"][0]["logprobs"] = {"content": None, "refusal": [entry("No.", score)]}
    return plain(body, LOGPROBS)


def heard(score: float) -> Exchange:
    body = {"text": "No.", "logprobs": [{"token": "No.", "logprob": score, "bytes": None}]}
    return plain(body, {"model": "m", "include": ["logprobs"]}, url="/v1/audio/transcriptions")


VALUES = (-49.0, -51.0, -52.0, -53.0, -54.0)
BARE = scored(entry("a", -0.1), entry("b", -0.2), entry("c", -0.3))
RIGHT = scored(entry("a", a=-0.1, b=-3.0), entry("b", a=-3.0, b=-0.1), entry("c", c=-0.1, a=-4.0))
SAME = {"a": -0.1, "b": -3.0}

CASES = (
    Row("a probability in place of its logarithm", RIGHT, scored(entry("a", 0.9)), PATH),
    Row("of an alternative", RIGHT, scored(entry("a", -0.1, a=-0.1, b=2.0)), PATH),
    Row("more than 1 together", RIGHT, scored(entry("a", -0.1, a=-0.1, b=-0.1)), PATH),
    Row(
        "sgl-project/sglang 39260: the first token's alternatives on each",
        RIGHT,
        scored(entry("a", -0.1, **SAME), entry("b", -3.0, **SAME), entry("c", -5.0, **SAME)),
        PATH,
    ),
    Row("likelier than its alternatives, and none of them", RIGHT, scored(entry("x", -0.01, a=-2.0, b=-3.0)), PATH),
    Row("one token that a schema forces", RIGHT, scored(entry("a", -9999.0, b=-0.1, c=-3.0))),
    Row(
        "parts of characters, which look alike",
        RIGHT,
        scored(entry("\ufffd", -0.1, **{"\ufffd": -6.0, "b": -4.0})),
        (),
        ("breaking text-characters-lost choices[0].message.content",),
    ),
    Row("a legacy completion", legacy(-0.1), legacy(0.9), PATH),
    Row("a sampled token that is none of the likeliest", RIGHT, scored(entry("x", -7.0, a=-0.1, b=-3.0))),
    Row("rounding", RIGHT, scored(entry("a", 0.0004, a=0.0004, b=-9999.0))),
    Row(
        "a word that is said twice",
        RIGHT,
        scored(entry("ha", -0.1, ha=-0.1), entry("ha", -0.1, ha=-0.1), entry("ha", -0.1, ha=-0.1)),
    ),
    Row("the golden shows it too", scored(entry("a", 0.9)), scored(entry("b", 0.8))),
    Row("just within rounding", RIGHT, scored(entry("a", 0.0095, a=0.0095))),
    Row("just above it", RIGHT, scored(entry("a", 0.0105, a=-0.1)), PATH),
    Row(
        "two neighbours with the same alternatives",
        RIGHT,
        scored(entry("a", -0.1, **SAME), entry("b", -3.0, **SAME), entry("c", -0.1, c=-0.1)),
    ),
    Row("one token as likely as its alternatives, and none of them", RIGHT, scored(entry("x", -0.1, a=-0.1, b=-3.0))),
    Row(
        "two of them: the alternatives of the tokens before",
        RIGHT,
        scored(entry("b", -0.1, a=-0.1, x=-3.0), entry("c", -0.2, b=-0.2, x=-4.0)),
        PATH,
    ),
    Row(
        "less likely than all of theirs, within rounding",
        RIGHT,
        scored(entry("b", -2.995, a=-0.1, x=-3.0), entry("c", -3.995, b=-0.2, x=-4.0)),
    ),
    Row("its own value among them is another", RIGHT, scored(entry("a", -1.2, a=-0.1, b=-3.0)), PATH),
    Row("or nearly the same", RIGHT, scored(entry("a", -1.05, a=-0.1, b=-3.0))),
    Row("-9999 for each token", BARE, scored(*(entry(t, -9999.0) for t in "abcde")), PATH),
    Row("less likely than any", BARE, scored(*(entry(t, p - 2) for t, p in zip("abcde", VALUES, strict=True))), PATH),
    Row("as unlikely as a token may be", BARE, scored(*(entry(t, p) for t, p in zip("abcde", VALUES, strict=True)))),
    Row("the refusal", refused(-0.1), refused(0.9), ("risky choices[0].logprobs.refusal",)),
    Row("a transcription", heard(-0.1), heard(0.9), ("risky logprobs",)),
)
