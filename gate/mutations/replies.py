"""The response as one: its body, status and headers replaced, or cut off."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gate.model import Chunk, Ending, Exchange, Headers, Json, Response
from gate.mutations.arrivals import scaled, shares


def rewritten(
    exchange: Exchange,
    body: bytes,
    *,
    status: int | None = None,
    headers: Mapping[str, str] | None = None,
    chunks: tuple[Chunk, ...] | None = None,
    **facts: Any,
) -> Exchange:
    """The exchange with another body, and what follows from it: its length and the sizes of its chunks."""
    before = exchange.response or Response(200)
    fields = _with(before.headers, headers or {})
    # a wrong length would be a drift of its own (T24)
    fields = tuple((n, str(len(body)) if n.lower() == "content-length" else v) for n, v in fields)
    # the reason belongs to the status; HTTP/2 has none
    response = Response(status or before.status, "" if status else before.reason, fields, body)
    arrived = scaled(exchange.chunks, len(before.body), len(body)) if chunks is None else chunks
    return replace(exchange, response=response, chunks=arrived, **facts)


def replied(exchange: Exchange, status: int, value: Json | bytes, media: str = "application/json") -> Exchange:
    """Another answer altogether: JSON, or the very bytes."""
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    chunks = tuple(Chunk(chunk.at_ms, len(body)) for chunk in exchange.chunks[-1:] if body)
    return rewritten(exchange, body, status=status, headers={"content-type": media}, chunks=chunks)


def gzipped(exchange: Exchange) -> Exchange:
    """The body compressed, and labelled so."""
    body = exchange.response.body if exchange.response else b""
    # mtime 0: the same bytes in each run
    return rewritten(exchange, gzip.compress(body, mtime=0), headers={"content-encoding": "gzip"})


def cut(exchange: Exchange, size: int, ending: Ending, detail: str) -> Exchange:
    """The exchange with nothing that came after so many bytes."""
    response = exchange.response or Response(0)
    left = replace(response, body=response.body[:size])
    return replace(exchange, response=left, chunks=shares([size], exchange.chunks)[0], ending=ending, detail=detail)


def labelled(exchange: Exchange, **headers: str) -> Exchange | None:
    """The exchange with headers set (`_` for `-`); None without a response."""
    if exchange.response is None:
        return None
    fields = _with(exchange.response.headers, {name.replace("_", "-"): value for name, value in headers.items()})
    return replace(exchange, response=replace(exchange.response, headers=fields))


def _with(headers: Headers, new: Mapping[str, str]) -> Headers:
    return (*((n, v) for n, v in headers if n.lower() not in new), *new.items())
