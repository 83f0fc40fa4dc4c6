"""A faithful provider for live tests: answers the built-in suites rightly, each time with new ids, words and chunks.

It is a `Replay` whose recordings are composed on the spot, so that `mutate` works on them as well.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
from random import Random
from typing import Any

from gate.model import Chunk, Exchange, Request, Response
from gate.replay.server import Replay
from gate.wire import form

MODELS = ("gpt-4o-mini", "text-embedding-3-small")
WIDTH = 1536
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_WORDS = ("Paris", "it", "is", "the", "capital", "of", "France", "and", "a", "fine", "city", "on", "the", "Seine")


class Provider(Replay):
    """`mutate` is applied to each answer; `requests` are all that came in."""

    def __init__(
        self,
        *,
        mutate: Callable[[Exchange], Exchange] | None = None,
        speed: float = 1.0,
        gap_ms: float = 2.0,
        seed: int = 0,
    ) -> None:
        super().__init__((), speed=speed, mutate=mutate)
        self.provider_mutate, self.gap_ms, self.seed = mutate, gap_ms, seed
        self.requests: list[Request] = []
        self._numbers = count()

    def answer(self, request: Request) -> Exchange | None:
        self.requests.append(request)
        rng = Random(f"{self.seed} {next(self._numbers)}")
        found = self.composed(request, rng)
        return self.provider_mutate(found) if self.provider_mutate else found

    def composed(self, request: Request, rng: Random) -> Exchange:
        return Answering(request, rng, self.gap_ms).exchange()


def identity(rng: Random, prefix: str, length: int = 24) -> str:
    return prefix + "".join(rng.choices(_LETTERS, k=length))


class Answering:
    """One request, and what a right provider says to it."""

    paths: tuple[str, ...] = ("models", "embeddings", "chat/completions")

    def __init__(self, request: Request, rng: Random, gap_ms: float) -> None:
        self.request, self.rng, self.gap_ms = request, rng, gap_ms
        self.path = request.url.partition("?")[0].rpartition("/v1/")[2]
        self.head = {"id": identity(rng, "chatcmpl-"), "created": 1721172741 + rng.randrange(10**6)}

    def exchange(self) -> Exchange:
        refused = self.refusal()
        if refused:
            return self.plain(refused[1], refused[0])
        if self.path == "models":
            data = [{"id": m, "object": "model", "created": 1721172741, "owned_by": "system"} for m in MODELS]
            return self.plain({"object": "list", "data": data})
        if self.path == "embeddings":
            return self.plain(self.embeddings())
        return self.stream() if self.body.get("stream") else self.plain(self.completion())

    # -- errors ---------------------------------------------------------------------------------

    def refusal(self) -> tuple[int, dict[str, Any]] | None:
        if self.path not in self.paths:
            return 404, problem(f"Invalid URL ({self.request.method} {self.path})")
        key = dict(self.request.headers).get("authorization", "").removeprefix("Bearer ")
        if not key or "bad" in key:
            return 401, problem("Incorrect API key provided.", "invalid_api_key" if key else None)
        if self.path == "models":
            return None
        try:
            body = form.document(self.request.body, self.request.headers) or json.loads(self.request.body or b"")
        except ValueError:
            return 400, problem("We could not parse the JSON body of your request.")
        self.body: dict[str, Any] = body if isinstance(body, dict) else {}
        if self.body.get("model") not in MODELS:
            return 404, problem(f"The model `{self.body.get('model')}` does not exist", "model_not_found")
        if self.path == "chat/completions" and not isinstance(self.body.get("messages"), list):
            return 400, problem("Missing required parameter: 'messages'.", "missing_required_parameter", "messages")
        return None

    # -- embeddings -----------------------------------------------------------------------------

    def embeddings(self) -> dict[str, Any]:
        given = self.body.get("input")
        texts = given if isinstance(given, list) else [given]
        width = int(self.body.get("dimensions") or WIDTH)
        data = [
            {"object": "embedding", "index": n, "embedding": self.encoded(vector(text, width))}
            for n, text in enumerate(texts)
        ]
        usage = {"prompt_tokens": 4 * len(texts), "total_tokens": 4 * len(texts)}
        return {"object": "list", "data": data, "model": self.body["model"], "usage": usage}

    def encoded(self, numbers: list[float]) -> Any:
        if self.body.get("encoding_format") != "base64":
            return numbers
        return base64.b64encode(struct.pack(f"<{len(numbers)}f", *numbers)).decode()

    # -- chat -----------------------------------------------------------------------------------

    def said(self) -> tuple[dict[str, Any], str]:
        """The message and its finish_reason."""
        tools = self.body.get("tools")
        if tools and self.body.get("tool_choice") != "none" and self.body["messages"][-1].get("role") != "tool":
            return {
                "role": "assistant",
                "content": None,
                "tool_calls": self.calls(tools),
                "refusal": None,
            }, "tool_calls"
        wanted = (self.body.get("response_format") or {}).get("json_schema", {}).get("schema")
        limit = self.body.get("max_tokens")
        words = [self.rng.choice(_WORDS) for _ in range(self.rng.randrange(4, 9))]
        long = limit == 16 and len(json.dumps(self.body["messages"])) > 150
        said = counted(self.body["messages"]) or " ".join(words * (3 if long else 1))
        text = json.dumps(example(wanted)) if wanted else said
        return {"role": "assistant", "content": text, "refusal": None}, "length" if long else "stop"

    def calls(self, tools: list[dict[str, Any]]) -> list[dict[str, Any]]:
        asked = json.dumps(self.body["messages"])
        many = 2 if "parallel" in asked or " and " in asked else 1
        function = tools[0]["function"]
        arguments = json.dumps(example(function.get("parameters", {})))
        one = {"type": "function", "function": {"name": function["name"], "arguments": arguments}}
        return [{"id": identity(self.rng, "call_"), **one} for _ in range(many)]

    def usage(self) -> dict[str, Any]:
        return {"prompt_tokens": 14, "completion_tokens": 7, "total_tokens": 21}

    def completion(self) -> dict[str, Any]:
        message, finish = self.said()
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": finish}
        top = {"object": "chat.completion", "model": f"{self.body['model']}-2024-07-18"}
        return {**self.head, **top, "choices": [choice], "usage": self.usage(), "system_fingerprint": "fp_1"}

    def chunks(self) -> Iterator[dict[str, Any]]:
        message, finish = self.said()
        include = bool((self.body.get("stream_options") or {}).get("include_usage"))
        top = {"object": "chat.completion.chunk", "model": f"{self.body['model']}-2024-07-18"}

        def chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
            choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
            null = {"usage": None} if include else {}
            return {**self.head, **top, "system_fingerprint": "fp_1", "choices": [choice], **null}

        if message.get("tool_calls"):
            yield chunk({"role": "assistant", "content": "" if message["content"] else None})
            yield from (chunk({"content": part}) for part in self.pieces(message["content"] or ""))
            for index, call in enumerate(message["tool_calls"]):
                kind, key = ("custom", "input") if "custom" in call else ("function", "arguments")
                named = {**call, "index": index, kind: {"name": call[kind]["name"], key: ""}}
                yield chunk({"tool_calls": [named]})
                for part in self.pieces(call[kind][key]):
                    yield chunk({"tool_calls": [{"index": index, kind: {key: part}}]})
        else:
            yield chunk({"role": "assistant", "content": ""})
            counts = counted(self.body["messages"]) == message["content"]
            parts = re.findall(r" ?\d+", message["content"]) if counts else self.pieces(message["content"])
            yield from (chunk({"content": part}) for part in parts)
        yield chunk({}, finish)
        if include:
            yield {**self.head, **top, "system_fingerprint": "fp_1", "choices": [], "usage": self.usage()}

    def pieces(self, text: str) -> Iterator[str]:
        at = 0
        while at < len(text):
            size = self.rng.randrange(2, 9)
            yield text[at : at + size]
            at += size

    # -- responses ------------------------------------------------------------------------------

    def plain(self, body: dict[str, Any], status: int = 200) -> Exchange:
        raw = json.dumps(body).encode()
        headers = (*self.headers(), ("content-type", "application/json"))
        return Exchange(self.request, Response(status, "", headers, raw), (Chunk(self.gap_ms, len(raw)),))

    def stream(self) -> Exchange:
        return self.framed(
            [*(f"data: {json.dumps(chunk)}\n\n".encode() for chunk in self.chunks()), b"data: [DONE]\n\n"]
        )

    def framed(self, frames: Sequence[bytes]) -> Exchange:
        times = tuple(Chunk((n + 1) * self.gap_ms, len(frame)) for n, frame in enumerate(frames))
        headers = (*self.headers(), ("content-type", "text/event-stream; charset=utf-8"))
        return Exchange(self.request, Response(200, "", headers, b"".join(frames)), times)

    def headers(self) -> tuple[tuple[str, str], ...]:
        return (
            ("x-request-id", identity(self.rng, "req_")),
            ("openai-processing-ms", str(self.rng.randrange(50, 500))),
        )


def problem(message: str, code: str | None = None, param: str | None = None) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", "param": param, "code": code}}


def counted(messages: list[dict[str, Any]]) -> str:
    """The numbers that the last message asks for; "" where it asks for none."""
    asked = re.search(r"Count from 1 to (\d+)", str(messages[-1].get("content")))
    return " ".join(map(str, range(1, int(asked[1]) + 1))) if asked else ""


def vector(text: object, width: int) -> list[float]:
    rng = Random(hashlib.sha256(json.dumps(text).encode()).digest())
    numbers = [rng.gauss(0, 1) for _ in range(width)]
    norm = sum(x * x for x in numbers) ** 0.5
    return [round(x / norm, 8) for x in numbers]


def example(schema: Mapping[str, Any]) -> Any:
    """A value that a JSON Schema allows."""
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "object")
    if kind == "object":
        return {name: example(part) for name, part in schema.get("properties", {}).items()}
    if kind == "array":
        return [example(schema.get("items", {}))]
    return {"string": "Paris", "integer": 21, "number": 21.5, "boolean": True}.get(kind)
