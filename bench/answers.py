"""What a good route answers to the standard suite; the same every time, so that a check finds nothing to confirm."""

from __future__ import annotations

import base64
import json
import random
from typing import Any

Answer = tuple[int, str, bytes]
_USAGE = {"prompt_tokens": 20, "completion_tokens": 20, "total_tokens": 40}
_ORDER = {
    "id": 1041,
    "status": "paid",
    "customer": {"name": "Ada", "vip": True},
    "items": [{"sku": "L-7", "quantity": 2, "price": 19.5}, {"sku": "D-3", "quantity": 1, "price": 120}],
    "total": 159,
}


def answer(path: str, headers: dict[str, str], body: Any) -> Answer:
    """Status, media type and body for one request. `body` is None where it was no JSON."""
    if "bad" in headers.get("authorization", ""):
        return _error(401, "invalid_api_key", "authentication_error")
    if path.endswith("/models"):
        return _json(
            {"object": "list", "data": [{"id": "bench", "object": "model", "created": 1, "owned_by": "bench"}]}
        )
    if path.endswith("/embeddings"):
        return _json(_vectors(body["input"]))
    if body is None or "messages" not in body:
        return _error(400, None, "invalid_request_error")
    if body["model"] == "no-such-model":
        return _error(404, "model_not_found", "invalid_request_error")
    return _streamed(body) if body.get("stream") else _plain(body)


def _error(status: int, code: str | None, kind: str) -> Answer:
    error = {"message": "this can't be answered", "type": kind, "param": None, "code": code}
    return status, "application/json", json.dumps({"error": error}).encode()


def _json(body: Any) -> Answer:
    return 200, "application/json", json.dumps(body).encode()


def _vectors(texts: str | list[str]) -> dict[str, Any]:
    inputs = [texts] if isinstance(texts, str) else texts
    data = [{"object": "embedding", "index": n, "embedding": _vector(text)} for n, text in enumerate(inputs)]
    return {"object": "list", "data": data, "model": "bench", "usage": {"prompt_tokens": 8, "total_tokens": 8}}


def _vector(text: str) -> list[float]:
    noise = random.Random(text)
    values = [noise.gauss(0, 1) for _ in range(1536)]
    length = sum(value * value for value in values) ** 0.5
    return [value / length for value in values]


def image(size: int) -> bytes:
    """An answer of so many bytes; the image in it has no structure, as any that is compressed."""
    data = base64.b64encode(random.Random(size).randbytes(size * 3 // 4)).decode()
    return json.dumps({"created": 1, "data": [{"b64_json": data}]}).encode()


# -- chat ---------------------------------------------------------------------------------------


def _plain(body: dict[str, Any]) -> Answer:
    calls = _calls(body)
    message = {"role": "assistant", "content": None if calls else _text(body)}
    choice = {"index": 0, "message": {**message, **({"tool_calls": calls} if calls else {})}}
    return _json({**_head("chat.completion"), "choices": [{**choice, "finish_reason": _finish(body)}], "usage": _USAGE})


def _streamed(body: dict[str, Any]) -> Answer:
    calls = _calls(body)
    if not calls:
        frames = stream("bench", _text(body), _finish(body), usage="stream_options" in body)
    else:
        frames = [_chunk("bench", {"role": "assistant", "content": None})]
        for index, call in enumerate(calls):
            start = {**call, "index": index, "function": {**call["function"], "arguments": ""}}
            rest = {"index": index, "function": {"arguments": call["function"]["arguments"]}}
            frames += [_chunk("bench", {"tool_calls": [part]}) for part in (start, rest)]
        frames += [_chunk("bench", {}, "tool_calls"), b"data: [DONE]\n\n"]
    return 200, "text/event-stream", b"".join(frames)


def stream(model: str, text: str, finish: str = "stop", *, usage: bool = False) -> list[bytes]:
    """The frames of a good stream, one for each word."""
    frames = [_chunk(model, {"role": "assistant", "content": ""})]
    frames += [_chunk(model, {"content": f" {word}"}) for word in text.split()]
    frames.append(_chunk(model, {}, finish))
    if usage:
        frames.append(_frame({**_head("chat.completion.chunk", model), "choices": [], "usage": _USAGE}))
    return [*frames, b"data: [DONE]\n\n"]


def _chunk(model: str, delta: Any, finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return _frame({**_head("chat.completion.chunk", model), "choices": [choice]})


def _frame(doc: Any) -> bytes:
    return b"data: " + json.dumps(doc).encode() + b"\n\n"


def _head(what: str, model: str = "bench") -> dict[str, Any]:
    return {"id": "chatcmpl-bench", "object": what, "created": 1795315570, "model": model}


def _finish(body: dict[str, Any]) -> str:
    if _calls(body):
        return "tool_calls"
    return "length" if "essay" in json.dumps(body["messages"]) else "stop"


def _text(body: dict[str, Any]) -> str:
    return json.dumps(_ORDER) if "response_format" in body else "Paris is the capital of France."


def _calls(body: dict[str, Any]) -> list[dict[str, Any]]:
    tools = body.get("tools", [])
    if not tools or body["messages"][-1]["role"] == "tool":
        return []
    name = tools[-1]["function"]["name"]
    arguments = json.dumps({"city": "Paris", **({"days": 3} if "forecast" in name else {})})
    both = "at the same time" in json.dumps(body["messages"])
    call = {"type": "function", "function": {"name": name, "arguments": arguments}}
    return [{"id": f"call_{number}", **call} for number in range(2 if both else 1)]
