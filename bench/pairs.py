"""Synthetic pairs of cassettes, written by the real writer: the mix of a team's suite, over and over."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

from gate.model import Chunk, Exchange, Headers, Json, Request, Response
from gate.store import cassette

_URL = "https://api.example.test/v1/"
_WORDS = ["The", "capital", "of", "France", "is", "Paris", "and", "has", "been", "so", "for", "a", "long", "time"]
_TOOL: Json = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}, "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]}},
            "required": ["city"],
            "additionalProperties": False,
        },
    },
}


def write(folder: Path, count: int, *, unlike: bool = False) -> None:
    """`golden` and `candidate` below the folder, with that many cassettes each; the same texts under other ids.

    Where they are `unlike`, no two pairs have the same shape: what was learnt of one helps with no other.
    """
    for side in ("golden", "candidate"):
        for number in range(count):
            path = folder / side / f"s{number:05}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            own = {f"vendor_{number}": {"cached": True}} if unlike else {}
            text = cassette.dump({"route": side, "date": "2026-11-22"}, [_exchange(number, side, own)])
            path.write_text(text, "utf-8")


def _exchange(number: int, side: str, own: dict[str, Json]) -> Exchange:
    """Of ten: four streams, two streamed tool calls, two plain answers, one of vectors, one error."""
    noise = random.Random(f"{side} {number}")
    kind = number % 10
    if kind < 4:
        return _streamed(noise, number, [{**doc, **own} for doc in _text(noise)], {"max_tokens": 256})
    if kind < 6:
        asked = {"tools": [_TOOL], "tool_choice": "required"}
        return _streamed(noise, number, [{**doc, **own} for doc in _call(noise)], asked)
    if kind < 8:
        return _plain(noise, number, "chat/completions", 200, {**_answer(noise), **own})
    if kind == 8:
        return _plain(noise, number, "embeddings", 200, {**_vectors(number), **own})
    error = {"message": "no such model", "type": "invalid_request_error", "param": None, "code": "model_not_found"}
    return _plain(noise, number, "chat/completions", 404, {"error": error, **own})


# -- bodies -------------------------------------------------------------------------------------


def _head(noise: random.Random, what: str) -> dict[str, Json]:
    name = f"chatcmpl-{noise.randbytes(15).hex()}"
    return {"id": name, "object": what, "created": 1795315570, "model": "gpt-4o-mini-2024-07-18"}


def _chunk(head: dict[str, Json], delta: Json, finish: str | None = None) -> Json:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    return {**head, "service_tier": "default", "system_fingerprint": "fp_8bda4d3a2c", "choices": [choice]}


def _text(noise: random.Random) -> Iterator[Json]:
    head = _head(noise, "chat.completion.chunk")
    yield _chunk(head, {"role": "assistant", "content": "", "refusal": None})
    for _ in range(38):
        yield _chunk(head, {"content": f" {noise.choice(_WORDS)}"})
    yield _chunk(head, {}, "stop")


def _call(noise: random.Random) -> Iterator[Json]:
    head = _head(noise, "chat.completion.chunk")
    start = {"index": 0, "id": f"call_{noise.randbytes(12).hex()}", "type": "function"}
    function = {"name": "get_weather", "arguments": ""}
    yield _chunk(head, {"role": "assistant", "content": None, "tool_calls": [{**start, "function": function}]})
    for part in ('{"', "city", '":"', "Paris", '","', "unit", '":"', "celsius", '"}'):
        yield _chunk(head, {"tool_calls": [{"index": 0, "function": {"arguments": part}}]})
    yield _chunk(head, {}, "tool_calls")


def _answer(noise: random.Random) -> Json:
    text = " ".join(noise.choices(_WORDS, k=60))
    message: Json = {"role": "assistant", "content": text, "refusal": None, "annotations": []}
    usage = {"prompt_tokens": 31, "completion_tokens": 64, "total_tokens": 95}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return {**_head(noise, "chat.completion"), "choices": [choice], "usage": usage}


def _vectors(number: int) -> Json:
    noise = random.Random(number)  # the same model gives the same vector on both sides
    values = [noise.gauss(0, 1) for _ in range(1536)]
    length = sum(value * value for value in values) ** 0.5
    data = [{"object": "embedding", "index": 0, "embedding": [round(value / length, 9) for value in values]}]
    usage = {"prompt_tokens": 8, "total_tokens": 8}
    return {"object": "list", "data": data, "model": "text-embedding-3-small", "usage": usage}


# -- exchanges ----------------------------------------------------------------------------------

_HEADERS: Headers = (
    ("date", "Sun, 22 Nov 2026 02:33:54 GMT"),
    ("openai-processing-ms", "214"),
    ("x-ratelimit-limit-requests", "10000"),
    ("x-ratelimit-remaining-requests", "9999"),
    ("server", "cloudflare"),
)


def _request(number: int, path: str, more: dict[str, Json]) -> Request:
    question = {"role": "user", "content": f"Question {number}: what is the capital of France?"}
    body = {"model": "gpt-4o-mini", "temperature": 0, "messages": [question], **more}
    if path == "embeddings":
        body = {"model": "text-embedding-3-small", "input": f"text {number}"}
    headers = (("content-type", "application/json"), ("accept-encoding", "identity"))
    return Request("POST", _URL + path, headers, json.dumps(body).encode())


def _streamed(noise: random.Random, number: int, docs: list[Json], more: dict[str, Json]) -> Exchange:
    frames = [f"data: {json.dumps(doc, separators=(',', ':'))}\n\n".encode() for doc in docs]
    frames.append(b"data: [DONE]\n\n")
    at = 200 + noise.random() * 50
    chunks = [Chunk(round(at + n * 25 + noise.random() * 8, 3), len(frame)) for n, frame in enumerate(frames)]
    headers = (*_HEADERS, ("content-type", "text/event-stream; charset=utf-8"))
    request = _request(number, "chat/completions", {"stream": True, **more})
    return Exchange(
        request=request,
        response=Response(200, "OK", headers, b"".join(frames)),
        chunks=tuple(chunks),
        first_byte_ms=round(at - 2, 3),
        total_ms=chunks[-1].at_ms,
        scenario=f"s{number:05}",
    )


def _plain(noise: random.Random, number: int, path: str, status: int, body: Json) -> Exchange:
    raw = json.dumps(body, indent=2).encode()
    at = round(300 + noise.random() * 100, 3)
    headers = (*_HEADERS, ("content-type", "application/json"))
    return Exchange(
        request=_request(number, path, {}),
        response=Response(status, "OK" if status == 200 else "Not Found", headers, raw),
        chunks=(Chunk(at, len(raw)),),
        first_byte_ms=at,
        total_ms=at,
        scenario=f"s{number:05}",
    )
