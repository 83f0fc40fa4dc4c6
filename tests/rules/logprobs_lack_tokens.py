"""logprobs-lack-tokens: entries for some tokens only."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules._responses import message, part, response, whole
from tests.rules_table import ASK, ROLE, Row, chunk, completion, plain, stream

LOGPROBS = {**ASK, "logprobs": True}
WORDS = ("alpha", " beta", " gamma")


def entry(token: str, raw: bool = False) -> dict[str, Any]:
    return {
        "token": token,
        "logprob": -0.01 * len(token),
        "bytes": list(token.encode()) if raw else None,
        "top_logprobs": [],
    }


def scored(*tokens: str, text: str = "alpha beta gamma", raw: bool = False, thought: str = "") -> Exchange:
    body = completion({"content": text, **({"reasoning_content": thought} if thought else {})})
    body["choices"][0]["logprobs"] = {"content": [entry(token, raw) for token in tokens], "refusal": None}
    return plain(body, LOGPROBS)


def flowing(*parts: tuple[str, tuple[str, ...]], key: str = "content") -> Exchange:
    """Deltas, each with the tokens that have entries."""
    docs = []
    for text, tokens in parts:
        doc = chunk({key: text})
        doc["choices"][0]["logprobs"] = {"content": list(map(entry, tokens))} if tokens else None
        docs.append(doc)
    return stream(ROLE, *docs, chunk({}, "stop"), request=LOGPROBS)


def legacy(*tokens: str, text: str = "alpha beta gamma") -> Exchange:
    scores = {
        "tokens": [*tokens],
        "token_logprobs": [-0.01 * len(token) for token in tokens],
        "top_logprobs": None,
        "text_offset": [],
    }
    choice = {"index": 0, "text": text, "logprobs": scores, "finish_reason": "stop"}
    head = {"id": "cmpl-1", "object": "text_completion", "created": 1, "model": "m"}
    return plain({**head, "choices": [choice]}, {"model": "m", "prompt": "x", "logprobs": 1}, url="/v1/completions")


def responded(*tokens: str) -> Exchange:
    said = part("alpha beta gamma", logprobs=list(map(entry, tokens)))
    return whole(response(message(content=[said])))


def bytes_of(byte: int) -> Exchange:
    """Entries that all have the same byte."""
    body = completion({"content": "".join(WORDS)})
    entries = [{**entry(word), "bytes": [byte]} for word in WORDS]
    body["choices"][0]["logprobs"] = {"content": entries, "refusal": None}
    return plain(body, LOGPROBS)


def refused(*tokens: str) -> Exchange:
    body = completion({"content": None, "refusal": "".join(WORDS)})
    body["choices"][0]["logprobs"] = {"content": None, "refusal": list(map(entry, tokens))}
    return plain(body, LOGPROBS)


def heard(*tokens: str) -> Exchange:
    body = {"text": "".join(WORDS), "logprobs": list(map(entry, tokens))}
    return plain(body, {"model": "m", "include": ["logprobs"]}, url="/v1/audio/transcriptions")


ALL = flowing(*((word, (word,)) for word in WORDS))

CASES = (
    Row(
        "Menci/Floway 481: the last chunk's alone", scored(*WORDS), scored(" gamma"), ("breaking choices[0].logprobs",)
    ),
    Row("in a stream", ALL, flowing(("alpha beta", ()), (" gamma", (" gamma",))), ("breaking choices[0].logprobs",)),
    Row(
        "one in the middle",
        ALL,
        flowing(("alpha", ("alpha",)), (" beta", ()), (" gamma", (" gamma",))),
        ("breaking choices[0].logprobs",),
    ),
    Row(
        "sgl-project/sglang 26778: those of the reasoning",
        scored("Hm.", *WORDS, thought="Hm."),
        scored(*WORDS, thought="Hm."),
        ("risky choices[0].logprobs",),
    ),
    Row("a legacy completion", legacy(*WORDS), legacy(" gamma"), ("breaking choices[0].logprobs",)),
    Row("a response", responded(*WORDS), responded(*WORDS[:1]), ("breaking output[0].content[0].logprobs",)),
    Row("merged deltas with all entries", ALL, flowing(("alpha beta", ("alpha", " beta")), (" gamma", (" gamma",)))),
    Row("an end mark more", scored(*WORDS), scored(*WORDS, "<|im_end|>")),
    Row("a character over two tokens, by its bytes", scored("é", text="é", raw=True), scored("é", text="é", raw=True)),
    Row("the golden lacks some too", scored(" beta"), scored(" gamma")),
    Row(
        "none at all is logprobs-incomplete's",
        scored(*WORDS),
        scored(),
        (),
        ("breaking logprobs-incomplete choices[0].logprobs.content",),
    ),
    Row(
        "a character in two tokens, as the legacy API writes them",
        legacy(*WORDS),
        legacy(r"bytes:\xf0\x9f", r"bytes:\x91\x8b", text="👋"),
    ),
    Row(
        "bytes that spell another text",
        scored(*WORDS, raw=True),
        bytes_of(65),
        ("breaking choices[0].logprobs",),
    ),
    Row("a refusal", refused(*WORDS), refused(*WORDS[:2]), ("breaking choices[0].logprobs.refusal",)),
    Row("a transcription", heard(*WORDS), heard(*WORDS[:2]), ("breaking logprobs",)),
)
