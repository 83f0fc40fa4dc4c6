"""Requests that pass a gateway, for the tables of area `request`: what a client sent, and what reached the upstream."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from gate.model import Exchange
from tests.rules_table import ASK, CHAT, Row, completion, plain

Headers = Mapping[str, str]


def sent(**more: Any) -> dict[str, Any]:
    """A chat request with more fields."""
    return {**ASK, **more}


def golden(body: Mapping[str, Any] = ASK, url: str = CHAT) -> Exchange:
    """What the upstream answers to it, without a gateway."""
    return plain(completion(), body, url=url)


def call(
    body: Mapping[str, Any] = ASK,
    headers: Headers | None = None,
    *,
    url: str = CHAT,
    at_ms: float = 2.0,
    answer: Exchange | None = None,
    detail: str = "",
) -> Exchange:
    """A request that reached the upstream, and what it was answered."""
    return replace(_asked(answer or plain(completion()), body, headers, url), at_ms=at_ms, detail=detail)


def through(
    *calls: Exchange,
    body: Mapping[str, Any] = ASK,
    headers: Headers | None = None,
    url: str = CHAT,
    answer: Exchange | None = None,
) -> Exchange:
    """A client's exchange through a gateway; `calls` are what reached the upstream meanwhile."""
    return replace(_asked(answer or plain(completion()), body, headers, url), upstream=calls)


def _asked(exchange: Exchange, body: Mapping[str, Any], headers: Headers | None, url: str) -> Exchange:
    raw = json.dumps(body).encode()
    pairs = tuple((headers or {}).items())
    return replace(exchange, request=replace(exchange.request, url=f"https://host.test{url}", headers=pairs, body=raw))


def changed(
    why: str, before: Mapping[str, Any], after: Mapping[str, Any], *fires: str, also: Sequence[str] = ()
) -> Row:
    """A row: the body of a request, and what became of it on its way."""
    return Row(why, golden(before), through(call(after), body=before), fires, tuple(also))


def carried(why: str, before: Headers, after: Headers, *fires: str) -> Row:
    """A row: the headers of a request, and what became of them on their way."""
    return Row(why, golden(), through(call(headers=after), headers=before), fires)


def upgraded(why: str, before: Mapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any], *fires: str) -> Row:
    """A row: the old gateway stands as golden."""
    return Row(why, through(call(old), body=before), through(call(new), body=before), fires)
