"""What a gateway did to requests, answers and failures, read from the raw bytes of both hops and without any rule.

The findings of the same run are compared with these: each must have been said, and nothing else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gate.model import Ending, Exchange, Request

Sides = Mapping[str, Sequence[Exchange]]
"""Scenario → what the client sent and got, with `upstream`."""

REQUESTS = ("chat", "chat@parameters", "chat@later-parameters", "chat@tools", "chat@bare-tool", "chat@history")
LIMITED = "chat@status-429+retry-after-1"
FAILURES = ("chat@status-400", LIMITED, "chat@status-500", "chat@html-502", "chat@reset")
STREAMS = ("chat-stream@cut-after-3", "chat-stream@reset-after-3", "chat-stream@no-finish", "chat-stream@falling-gaps")
TRACED = (
    "idempotency-key",
    "openai-organization",
    "openai-project",
    "traceparent",
    "x-client-request-id",
    "x-request-id",
)
"""Headers by which a team finds a request again, or pays for it."""

# of a connection, not of a request
_HOP = {"host", "connection", "content-length", "accept-encoding", "accept", "content-type", "authorization"}


def facts(sides: Sides) -> dict[str, Any]:
    """All facts of one run, as JSON; times in milliseconds."""
    return {
        "headers lost": _lost(sides["chat@headers"][0]),
        "query lost": _without_query(sides["chat@query"][0]),
        "key": {name: _key(sides[name][0]) for name in ("chat", "embed", "responses") if name in sides},
        "body": _body_form(sides["chat"][0]),
        "dropped": {name: gone for name in REQUESTS if (gone := _differing(sides[name][0])[0])},
        "added": {name: new for name in (*REQUESTS, "chat-stream") if (new := _differing(sides[name][0])[1])},
        "refused": {name: _status(sides[name][0]) for name in sides if _refused(sides[name][0])},
        "roles": _roles(sides["chat@history"][0]),
        "include_usage false": _include_usage(sides["chat-stream@no-usage"][0]),
        "usage chunk": _usage_chunk(sides["chat-stream-usage"][0]),
        "failures": {name: _failure(sides[name][0]) for name in FAILURES},
        "streams": {name: _stream(sides[name][0]) for name in STREAMS},
        "afterwards": {"posts": len(_posts(sides["chat@afterwards"][0])), "status": _status(sides["chat@afterwards"][0])},
        "cancel": _cancel(sides["chat-stream@cancel"][0]),
    }  # fmt: skip


def _posts(exchange: Exchange) -> tuple[Exchange, ...]:
    return tuple(call for call in exchange.upstream or () if call.request.method == exchange.request.method)


def _arrived(exchange: Exchange) -> Request:
    """What reached the upstream first; an empty request where nothing did."""
    return next((call.request for call in _posts(exchange)), Request("", "", body=b"{}"))


def _status(exchange: Exchange) -> int:
    return exchange.response.status if exchange.response else 0


# -- requests -----------------------------------------------------------------------------------


def _lost(exchange: Exchange) -> list[str]:
    """The client's headers that the upstream did not get as they were."""
    arrived = {(name.lower(), value) for name, value in _arrived(exchange).headers}
    sent = {(name.lower(), value) for name, value in exchange.request.headers}
    return sorted(name for name, value in sent - arrived if name not in _HOP)


def _without_query(exchange: Exchange) -> bool:
    return "?" not in _arrived(exchange).url


def _key(exchange: Exchange) -> str:
    posts = _posts(exchange)
    if not posts:
        return "not sent"
    sent, arrived = (
        next((value for name, value in request.headers if name.lower() == "authorization"), None)
        for request in (exchange.request, posts[0].request)
    )
    return "none" if arrived is None else "the client's" if arrived == sent else "its own"


def _body_form(exchange: Exchange) -> str:
    """What is left of the client's bytes: the same, the same values in another order, or others."""
    sent, arrived = exchange.request.body or b"", _arrived(exchange).body or b""
    before, after = json.loads(sent), json.loads(arrived)
    if sent == arrived:
        return "same bytes"
    numbers = [key for key, value in before.items() if json.dumps(after.get(key)) != json.dumps(value)]
    order = [key for key in after if key in before] != [key for key in before if key in after]
    words = ["key order" if order else "", *(f"{key} {before[key]} → {after.get(key)}" for key in numbers)]
    return ", ".join(word for word in words if word) or ("white space" if before == after else "same order")


def _differing(exchange: Exchange) -> tuple[list[str], list[str]]:
    """Paths that did not arrive, and paths that nobody sent; none where nothing was sent on."""
    posts = _posts(exchange)
    if not posts:
        return [], []
    sent, arrived = (set(_paths(json.loads(each.request.body or b"null"))) for each in (exchange, posts[0]))
    gone, new = sorted(sent - arrived), sorted(arrived - sent)
    return _outermost(gone), _outermost(new)


def _paths(value: Any, at: str = "") -> Iterator[str]:
    if at:
        yield at
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _paths(inner, f"{at}.{key}" if at else key)
    if isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _paths(inner, f"{at}[{number}]")


def _outermost(paths: Sequence[str]) -> list[str]:
    """Without what lies below another of them."""
    every = set(paths)
    return [path for path in paths if not any(path.startswith((f"{other}.", f"{other}[")) for other in every)]


def _refused(exchange: Exchange) -> bool:
    """Answered by the gateway alone; not a client that left before the upstream could be asked."""
    own = not _posts(exchange) and exchange.request.method == "POST"
    return own and exchange.ending is not Ending.CANCELLED


def _roles(exchange: Exchange) -> list[str]:
    return [message["role"] for message in json.loads(_arrived(exchange).body or b"").get("messages", [])]


def _include_usage(exchange: Exchange) -> Any:
    """What became of the client's `include_usage: false`."""
    options = json.loads(_arrived(exchange).body or b"").get("stream_options") or {}
    return options.get("include_usage", "dropped")


# -- answers ------------------------------------------------------------------------------------


def _events(exchange: Exchange) -> list[str]:
    body = exchange.response.body if exchange.response else b""
    return [line.decode("utf-8", "replace") for line in re.findall(rb"(?m)^data: ?(.*?)\r?$", body)]


def _usage_chunk(exchange: Exchange) -> str:
    """How usage comes in a stream that asked for it: in a chunk of its own, or beside a choice."""
    usage = [chunk for event in _events(exchange) if event != "[DONE]" and (chunk := json.loads(event)).get("usage")]
    return "none" if not usage else "beside a choice" if usage[-1].get("choices") else "own chunk"


def _failure(exchange: Exchange) -> dict[str, Any]:
    """One failure of the upstream: how often it was asked, and what the client saw of it when."""
    posts = _posts(exchange)
    first, *_, last = [round(call.at_ms or 0.0) for call in posts] * 2 or [0, 0]
    headers = {name.lower() for name, _ in exchange.response.headers} if exchange.response else set()
    return {
        "posts": len(posts),
        "within_ms": last - first,
        "status": _status(exchange),
        "after_ms": round(exchange.total_ms or 0.0),
        "retry-after": "retry-after" in headers,
        "error": _error(exchange),
    }


def _error(exchange: Exchange) -> str:
    """The `type` of the error, or what came in place of one."""
    body = exchange.response.body if exchange.response else b""
    try:
        error = json.loads(body).get("error")
    except (ValueError, AttributeError):
        return "HTML" if body.lstrip()[:1] == b"<" else "text" if body else "nothing"
    return f"type {error.get('type') or 'null'}" if isinstance(error, dict) else "JSON of its own"


def _cancel(exchange: Exchange) -> str:
    """Whether the upstream was told that the client left: a buffered stream may be over before the client sees any of it."""
    left, calls = exchange.total_ms or 0.0, _posts(exchange)
    if any(call.ending != Ending.COMPLETE for call in calls):
        return "told"
    late = any((call.at_ms or 0.0) + (call.total_ms or 0.0) > left for call in calls)
    return "never told" if late else "over by then" if calls else "not asked by then"


def _stream(exchange: Exchange) -> dict[str, Any]:
    """A stream that broke off upstream, as the client sees it. `spread_ms` is from the first chunk to the last."""
    events = _events(exchange)
    chunks = [json.loads(event) for event in events if event.startswith("{")]
    choices = [choice for chunk in chunks for choice in chunk.get("choices") or ()]
    reads = exchange.chunks
    return {
        "status": _status(exchange),
        "ending": str(exchange.ending),
        "finish": [c["finish_reason"] for c in choices if c.get("finish_reason")],
        "done": "[DONE]" in events,
        "error": any("error" in chunk for chunk in chunks),
        "spread_ms": round(reads[-1].at_ms - reads[0].at_ms) if reads else 0,
    }
