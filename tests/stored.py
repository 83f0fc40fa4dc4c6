"""Cassettes for tests: samples, files of others, and vcrpy's own view of a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from vcr.persisters.filesystem import FilesystemPersister
from vcr.serializers import jsonserializer, yamlserializer

from gate.model import Chunk, Ending, Exchange, Hop, Location, Request, Response
from gate.store.cassette import Cassette, load

STREAM = (
    'data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}\n\n'
    'data: {"choices":[{"index":0,"delta":{"content":"Grüße 😀"}}]}\n\n'
    "data: [DONE]\n\n"
)
POST = Request(
    "POST",
    "https://api.example.com/v1/chat/completions?api-version=1",
    (("Content-Type", "application/json"), ("Authorization", "Bearer ***")),
    b'{"model":"m","messages":[{"role":"user","content":"it\'s \\"quoted\\""}]}',
)


def answer(body: bytes | str = STREAM, status: int = 200, **more: Any) -> Exchange:
    raw = body.encode() if isinstance(body, str) else body
    headers = (("content-type", "text/event-stream"), ("Set-Cookie", "*"), ("Set-Cookie", "**"))
    return Exchange(POST, Response(status, "OK", headers, raw), **more)


FULL = answer(
    chunks=(Chunk(310.25, 70), Chunk(322.0, 61), Chunk(330.0, 14)),
    ending=Ending.CUT,
    detail="closed early",
    connect_ms=0.0,
    first_byte_ms=300.125,
    total_ms=331.0,
    hops=(Hop(307, "https://b.example.com/v1"),),
    scenario="chat-stream",
    step=1,
    sample=2,
    attempt=1,
    outage=True,
    at_ms=12.5,
    body_size=145,
    body_sha256="ab" * 32,
    absent=("times",),
)
NO_ANSWER = Exchange(POST, None, ending=Ending.UNREACHABLE, detail="refused", scenario="chat-stream", sample=3)


def placeless(exchanges: tuple[Exchange, ...]) -> list[Exchange]:
    return [replace(exchange, location=Location()) for exchange in exchanges]


def stored(folder: Path, text: str | bytes, name: str = "c.yaml") -> Cassette:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load(path)


def same_as_vcrpy(path: Path) -> None:
    """vcrpy's own loader and ours see the same interactions."""
    serializer = jsonserializer if path.suffix == ".json" else yamlserializer
    requests, responses = FilesystemPersister.load_cassette(path, serializer)
    ours = [e for e in load(path).exchanges if e.response is not None]
    assert len(requests) == len(ours)
    for theirs, response, exchange in zip(requests, responses, ours, strict=True):
        assert exchange.response is not None
        assert (theirs.method, theirs.uri) == (exchange.request.method, exchange.request.url)
        assert (theirs.body or b"") == (exchange.request.body or b"")
        assert dict(theirs.headers) == {k: _as_stored(v) for k, v in reversed(exchange.request.headers)}
        assert response["status"]["code"] == exchange.response.status
        assert (response["body"]["string"] or b"") == exchange.response.body
        pairs = [(k, v) for k, values in response["headers"].items() for v in values]
        assert pairs == [(k, _as_stored(v)) for k, v in exchange.response.headers]


def _as_stored(value: str) -> str | bytes:
    return value if value.isascii() else value.encode()


def foreign(request: str = "", response: str = "") -> str:
    return f"""\
interactions:
- request:
    body: {request or "null"}
    headers: {{Accept: ['*/*'], Host: h}}
    method: POST
    uri: https://h/v1/embeddings
  response:
    {response or "body: {string: ok}"}
    headers: {{content-length: 2, x-none: [], Content-Type: [text/plain]}}
    status: {{code: 200, message: OK}}
version: 1
"""
