"""Whole right answers of each endpoint, and ways to change one thing in them, for the tables of the catalogue."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from gate.model import Chunk, Exchange
from tests.rules_table import CHAT, plain, stream

Doc = dict[str, Any]
Change = Callable[[Doc], object]

ASK: Doc = {
    "model": "gpt-4o-mini",
    "temperature": 0,
    "messages": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Name a river and its length."},
    ],
}
ASK_USAGE: Doc = {**ASK, "stream_options": {"include_usage": True}}
USAGE: Doc = {
    "prompt_tokens": 23,
    "completion_tokens": 11,
    "total_tokens": 34,
    "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
    "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
}
HEAD: Doc = {"created": 1741569952, "model": "gpt-4o-mini-2024-07-18", "system_fingerprint": "fp_b8bc95a0ac"}
RIVER = ("The ", "Danube", " is ", "2850", " km ", "long.")

# -- chat ---------------------------------------------------------------------------------------


def choice(content: Any = "The Danube is 2850 km long.", index: int = 0, finish: Any = "stop", **said: Any) -> Doc:
    """One choice of a plain chat answer; `said` goes into its message."""
    message = {"role": "assistant", "content": content, "refusal": None, "annotations": [], **said}
    return {"index": index, "message": message, "logprobs": None, "finish_reason": finish}


def answer(*choices: Doc, ask: Mapping[str, Any] = ASK, url: str = CHAT, **top: Any) -> Exchange:
    """A plain chat answer."""
    head = {"id": "chatcmpl-B9MHDbslfkBeAs8l4bebGdFOJ6PeG", "object": "chat.completion", **HEAD}
    body = {**head, "choices": [*(choices or [choice()])], "usage": USAGE, "service_tier": "default", **top}
    return plain(body, {k: v for k, v in ask.items() if k != "stream_options"}, url=url)


def piece(delta: Mapping[str, Any] | None = None, finish: Any = None, index: int = 0, **top: Any) -> Doc:
    """One chunk of a chat stream."""
    part = {"index": index, "delta": dict(delta or {}), "logprobs": None, "finish_reason": finish}
    head = {"id": "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT", "object": "chat.completion.chunk", **HEAD}
    return {**head, "service_tier": "default", "choices": [part], **top}


def counted(**counts: Any) -> Doc:
    """The chunk of its own that brings usage."""
    return {**piece(), "choices": [], "usage": {**USAGE, **counts}}


def said(*texts: str, index: int = 0, finish: str = "stop") -> list[Doc]:
    """The chunks of one choice: its role, a chunk for each text, its finish."""
    start = piece({"role": "assistant", "content": "", "refusal": None}, index=index)
    return [start, *(piece({"content": t}, index=index) for t in texts or RIVER), piece({}, finish, index=index)]


def told(*texts: str, ask: Mapping[str, Any] = ASK_USAGE, finish: str = "stop", **facts: Any) -> Exchange:
    """A streamed chat answer with usage."""
    usage = [counted()] if "stream_options" in ask else []
    return stream(*said(*texts, finish=finish), *usage, request=ask, **facts)


def two(ask: Mapping[str, Any] = ASK) -> Exchange:
    """A stream of two choices that take turns."""
    first, second = said("The ", "Rhine."), said("The ", "Loire.", index=1)
    return stream(*(doc for pair in zip(first, second, strict=True) for doc in pair), request={**ask, "n": 2})


# -- tools --------------------------------------------------------------------------------------


def tool(name: str, required: Sequence[str] = (), **properties: Any) -> Doc:
    """A function of a request."""
    schema = {"type": "object", "properties": properties, "required": [*required], "additionalProperties": False}
    return {"type": "function", "function": {"name": name, "description": name, "parameters": schema}}


STOCK = tool("get_stock", ["sku"], sku={"type": "string"}, store={"type": "integer"})
CLOCK = tool("now")
ASK_STOCK: Doc = {**ASK, "tools": [STOCK, CLOCK], "tool_choice": "required"}
SKUS = ('{"sku":"A-17","store":4}', '{"sku":"B-2","store":9}')


def stock(arguments: Any = SKUS[0], id: Any = "call_fA9x", **changes: Any) -> Doc:
    """A call of a plain answer."""
    name = changes.pop("name", "get_stock")
    return {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}, **changes}


def calls(*found: Doc, ask: Mapping[str, Any] = ASK_STOCK, finish: Any = "tool_calls", text: Any = None) -> Exchange:
    """A plain answer that calls tools; two calls unless told otherwise."""
    return answer(choice(text, finish=finish, tool_calls=[*(found or _BOTH)]), ask=ask)


_BOTH = (stock(), stock(SKUS[1], "call_k2Lm"))


def opened(index: int = 0, id: str = "call_fA9x", name: str = "get_stock", arguments: str = "") -> Doc:
    """The delta that opens a call."""
    return {"index": index, "id": id, "type": "function", "function": {"name": name, "arguments": arguments}}


def goes_on(arguments: str, index: int = 0) -> Doc:
    """A delta with more arguments."""
    return {"index": index, "function": {"arguments": arguments}}


def pieces(text: str, size: int = 7) -> list[str]:
    """A text in pieces."""
    return [text[at : at + size] for at in range(0, len(text), size)]


def both(size: int = 7) -> list[Doc]:
    """The deltas of two parallel calls."""
    ids = ("call_fA9x", "call_k2Lm")
    return [d for i in (0, 1) for d in (opened(i, ids[i]), *(goes_on(p, i) for p in pieces(SKUS[i], size)))]


def calling(*deltas: Doc, ask: Mapping[str, Any] = ASK_STOCK, finish: Any = "tool_calls", **facts: Any) -> Exchange:
    """A stream that calls tools; two calls in parallel unless told otherwise."""
    start = piece({"role": "assistant", "content": None})
    middle = (piece({"tool_calls": [d]}) for d in deltas or both())
    return stream(start, *middle, piece({}, finish), counted(), request={**ask, **_INCLUDE}, **facts)


_INCLUDE = {"stream_options": {"include_usage": True}}

# -- other endpoints ----------------------------------------------------------------------------

LEGACY = "/v1/completions"
ASK_LEGACY: Doc = {"model": "gpt-3.5-turbo-instruct", "prompt": "A river:", "max_tokens": 16}


def legacy(text: str, finish: Any = None, **top: Any) -> Doc:
    """One chunk, or the whole, of a legacy completion."""
    part = {"text": text, "index": 0, "logprobs": None, "finish_reason": finish}
    head = {"id": "cmpl-uqkvlQyYK7bGYrRHQ0eXlWi7", "object": "text_completion", "created": 1741569952}
    return {**head, "model": "gpt-3.5-turbo-instruct:20230824-v2", "choices": [part], **top}


def written(*events: object, ask: Mapping[str, Any] = ASK_LEGACY, **facts: Any) -> Exchange:
    """A streamed legacy completion."""
    docs = events or (legacy(" The"), legacy(" Elbe"), legacy(" flows."), legacy("", "stop"))
    return stream(*docs, request=ask, url=LEGACY, **facts)


LEGACY_USAGE = {"prompt_tokens": 3, "completion_tokens": 3, "total_tokens": 6}
WHOLE_LEGACY = plain(legacy(" The Elbe flows.", "stop", usage=LEGACY_USAGE), ASK_LEGACY, url=LEGACY)
MODELS = "/v1/models"


def models(*ids: str, **top: Any) -> Exchange:
    """A list of models."""
    data = [{"id": i, "object": "model", "created": 1686935002, "owned_by": "system"} for i in ids or ("gpt-4o", "o3")]
    found = plain({"object": "list", "data": data, **top}, {}, url=MODELS)
    return replace(found, request=replace(found.request, method="GET", body=None))


# -- changes ------------------------------------------------------------------------------------


def body_of(exchange: Exchange) -> bytes:
    """The raw bytes of the response."""
    assert exchange.response is not None
    return exchange.response.body


def with_body(exchange: Exchange, body: bytes, **headers: str) -> Exchange:
    """The exchange with another body and these headers (`_` for `-`); arrival times do not survive."""
    assert exchange.response is not None
    changed = {**dict(exchange.response.headers), **{k.replace("_", "-"): v for k, v in headers.items()}}
    response = replace(exchange.response, body=body, headers=tuple(changed.items()))
    return replace(exchange, response=response, chunks=())


def labelled(exchange: Exchange, status: int | None = None, **headers: str) -> Exchange:
    """The exchange with other headers (`_` for `-`) or another status."""
    assert exchange.response is not None
    found = with_body(exchange, exchange.response.body, **headers)
    assert found.response is not None
    return replace(found, response=replace(found.response, status=status or found.response.status))


def edited(exchange: Exchange, change: Change) -> Exchange:
    """The exchange with its JSON changed: the body, or each event. `change` edits in place, or returns what comes
    instead: a value, the bytes of a frame, a list of both. What it returns empty changes nothing."""
    body = body_of(exchange)
    if not body.startswith((b"data:", b"event:")):
        doc = json.loads(body)
        result = change(doc)
        return with_body(exchange, result if isinstance(result, bytes) else json.dumps(result or doc).encode())
    frames = [_edited(frame, change) for frame in body.split(b"\n\n")[:-1]]
    return with_body(exchange, b"".join(frames))


def _edited(frame: bytes, change: Change) -> bytes:
    name, _, data = frame.rpartition(b"data: ")
    if data == b"[DONE]":
        return frame + b"\n\n"
    doc = json.loads(data)
    result = change(doc)
    results = result if isinstance(result, list) and result else [result or doc]
    return b"".join(r if isinstance(r, bytes) else name + b"data: " + json.dumps(r).encode() + b"\n\n" for r in results)


def patched(exchange: Exchange, path: str, value: Any) -> Exchange:
    """The exchange with one value set (or removed: `...`) at a path such as `choices.0.delta.role`, wherever it fits."""
    return edited(exchange, lambda doc: _put(doc, path.split("."), value))


def _put(doc: Any, keys: Sequence[str], value: Any) -> None:
    *above, last = keys
    for key in above:
        doc = (
            doc[int(key)]
            if isinstance(doc, list) and int(key) < len(doc)
            else doc.get(key)
            if isinstance(doc, dict)
            else None
        )
    if isinstance(doc, list) and int(last) < len(doc):
        doc[int(last)] = value
    elif isinstance(doc, dict) and value is ...:
        doc.pop(last, None)
    elif isinstance(doc, dict):
        doc[last] = copy.deepcopy(value)


def each(change: Change) -> Change:
    """A change of each choice."""
    return lambda doc: [change(one) for one in doc.get("choices", [])] and None


def counting(change: Callable[[Doc, int], object]) -> Change:
    """A change that knows how many events came before."""
    seen = iter(range(100_000))
    return lambda doc: change(doc, next(seen))


def nth(number: int, change: Change) -> Change:
    """A change of the n-th event alone, from 0."""
    seen = iter(range(100_000))
    return lambda doc: change(doc) if next(seen) == number else None


def timed(exchange: Exchange, *at: float, total: float | None = None) -> Exchange:
    """The exchange with an arrival time in ms for each of its frames, and known connection times."""
    sizes = [len(frame) + 2 for frame in body_of(exchange).split(b"\n\n")[:-1]] or [len(body_of(exchange))]
    chunks = tuple(Chunk(ms, size) for ms, size in zip(at, sizes, strict=False))
    first = at[0] if at else 80.0
    return replace(exchange, chunks=chunks, first_byte_ms=first, total_ms=total or (at[-1] if at else 120.0))
