"""field-null: null where the golden has a value and clients expect one."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules import _responses as r
from tests.rules_table import HELLO, Row, completion, plain, stream


def reranked(**changes: Any) -> Exchange:
    body = {"results": [{"index": 0, "score": 0.9}], "meta": {"units": 1}, **changes}
    return plain(body, {"query": "q"}, url="/v1/rerank")


def drawing(image: Any) -> Exchange:
    partial = {"type": "image_generation.partial_image", "b64_json": "iVBORw0KGgoAAAAN", "partial_image_index": 0}
    done = {"type": "image_generation.completed", "b64_json": image}
    return stream(partial, done, request={"model": "i", "prompt": "p"}, url="/v1/images/generations", done=False)


SEARCHED = {"type": "file_search_call", "id": "fs_1", "status": "completed", "queries": ["q"], "results": None}

CASES = (
    Row(
        "S26: local servers leave model blank (microsoft/foundry-local 144)",
        plain(completion()),
        plain(completion(model=None)),
        ("risky model",),
    ),
    Row(
        "S33: Ollama without models sends data: null (tinyhumansai/openhuman 4121)",
        plain({"object": "list", "data": [{"id": "m", "object": "model"}]}, url="/v1/models"),
        plain({"object": "list", "data": None}, url="/v1/models"),
        ("breaking data",),
    ),
    Row(
        "a function call without a name, which the golden had no occasion to show",
        r.whole(r.response()),
        r.whole(r.response(r.message(), r.function_call(name=None))),
        ("breaking output[1].name",),
        also=("risky tool-call-unasked output[1].name",),
    ),
    Row(
        "a field that only this vendor sends",
        plain(completion(provider="a")),
        plain(completion(provider=None)),
        ("info provider",),
    ),
    Row(
        "B20: optional fields toggle between null and a value",
        plain(completion(system_fingerprint="fp_1", service_tier="default")),
        plain(completion(system_fingerprint=None, service_tier=None)),
    ),
    Row(
        "US03, its own benign twin: usage: null on the chunks before the end",
        stream(*HELLO),
        stream(*({**c, "usage": None} for c in HELLO)),
    ),
    Row("S44: on an API without a schema, in every sample", reranked(), reranked(meta=None), ("risky meta",)),
    Row("S44, benign twin: another value", reranked(), reranked(meta={"units": 2})),
    Row("it is null in one sample alone", reranked(), [reranked(meta=None), reranked()], ("info meta",)),
    Row(
        "a score of a built-in tool's items",
        r.whole(r.response(SEARCHED, r.message())),
        r.whole(r.response({**SEARCHED, "queries": None}, r.message())),
        ("breaking output[0].queries",),
    ),
    Row(
        "an image whose event has none",
        drawing("iVBORw0KGgoAAAAN"),
        drawing(None),
        ("breaking b64_json",),
    ),
)
