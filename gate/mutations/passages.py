"""An exchange as it passes a gateway: the client's request, and what then reached the upstream (`Exchange.upstream`).

The answer stays what it was: these drifts are of requests. What a golden's own request lacks is first added to the
client's, as a hermetic check does it in its cells beyond the suite.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from gate.model import Chunk, Exchange, Json, Request, Response
from gate.mutations.facts import seen, served
from gate.mutations.values import Change, written

_LATER_MS = 2.0  # what a proxy on the same machine needs to send a request on


def passed(exchange: Exchange, change: Change, asked: Mapping[str, Json] | None = None) -> Exchange | None:
    """Through a gateway that changes the JSON of the request so; `asked` are members that the client sends as well."""
    body = seen(exchange).request
    if not carries(exchange):
        return None
    client = {**body, **asked} if asked else body
    upstream = copy.deepcopy(client)
    if not change(upstream):
        return None
    sent = _holding(exchange.request, client) if asked else exchange.request
    return behind(replace(exchange, request=sent), _holding(sent, upstream))


def carried(exchange: Exchange, sent: Mapping[str, str], reached: Mapping[str, str]) -> Exchange | None:
    """Through a gateway that changes headers: those of the client's request, and those that reach the upstream. A name
    that only the client's have is lost."""
    if not carries(exchange):
        return None
    client = _labelled(exchange.request, sent, sent)
    upstream = _labelled(exchange.request, reached, {*sent, *reached})
    return behind(replace(exchange, request=client), upstream)


def asked_for(exchange: Exchange, query: str, reached: str) -> Exchange | None:
    """Through a gateway that changes the query."""
    if not carries(exchange):
        return None
    client, upstream = (_at(exchange.request, text) for text in (query, reached))
    return behind(replace(exchange, request=client), upstream)


def answered_by(exchange: Exchange, answer: Exchange | None) -> Exchange | None:
    """Through a gateway that gives the client this answer in the place of the upstream's (that of `exchange`)."""
    if answer is None or not carries(exchange):
        return None
    return replace(answer, upstream=(call(exchange, exchange.request),))


def sent_on(exchange: Exchange) -> Exchange | None:
    """Through a gateway that passes request and answer on as they came."""
    return answered_by(exchange, exchange)


def carries(exchange: Exchange) -> bool:
    """Whether it is a success that was asked for with a JSON object; a form has fields."""
    written_so = (exchange.request.body or b"").lstrip().startswith(b"{")
    asked = served(exchange) and exchange.request.method == "POST" and written_so
    return asked and isinstance(seen(exchange).request, dict)


def behind(exchange: Exchange, *requests: Request) -> Exchange:
    """The exchange through a gateway that sends these on, one after the other; each got the same answer."""
    return replace(exchange, upstream=tuple(call(exchange, request) for request in requests))


def call(exchange: Exchange, request: Request, at_ms: float = _LATER_MS, **facts: Any) -> Exchange:
    """A request that reaches the upstream so long after the client's, and gets the answer of the exchange."""
    return replace(exchange, **{"request": request, "upstream": None, "at_ms": at_ms, "scenario": "", **facts})


def limited(exchange: Exchange, request: Request, at_ms: float, took_ms: float) -> Exchange:
    """A request that the upstream refuses with 429, to be asked again in a second."""
    body = b'{"error":{"message":"Rate limit reached","type":"requests","param":null,"code":"rate_limit_exceeded"}}'
    headers = (("content-type", "application/json"), ("retry-after", "1"), ("content-length", str(len(body))))
    facts = {"first_byte_ms": took_ms, "total_ms": took_ms, "chunks": (Chunk(took_ms, len(body)),)}
    return call(exchange, request, at_ms, response=Response(429, "Too Many Requests", headers, body), **facts)


def _holding(request: Request, body: Json) -> Request:
    return replace(request, body=written(body, request.body or b""))


def _labelled(request: Request, headers: Mapping[str, str], gone: Mapping[str, str] | set[str]) -> Request:
    kept = ((name, value) for name, value in request.headers if name.lower() not in gone)
    return replace(request, headers=(*kept, *headers.items()))


def _at(request: Request, query: str) -> Request:
    return replace(request, url=urlsplit(request.url)._replace(query=query).geturl())
