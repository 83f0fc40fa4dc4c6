"""What tests/real/facts.py reads from both hops of a gateway, by which docs/gateways/ and its tests judge the judge."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from gate.model import Chunk, Ending, Exchange, Request, Response
from tests.real import facts as read

URL = "https://gateway.test/v1/chat/completions"
CHAT = {"model": "m", "temperature": 0.0, "messages": [{"role": "user", "content": "Hi"}]}
AUTHORIZED = (("Authorization", "Bearer a"), ("x-request-id", "1"))


def post(body: Any = CHAT, headers: Any = AUTHORIZED, url: str = URL) -> Request:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Request("POST", url, headers, raw)


def passed(*reached: Request | Exchange, sent: Request | None = None, answer: Response | None = None) -> Exchange:
    """A request of a client, and what of it reached the upstream."""
    calls = tuple(one if isinstance(one, Exchange) else Exchange(one, Response(200)) for one in reached)
    return Exchange(sent or post(), answer or Response(200), upstream=calls)


def told(*lines: str, **facts: Any) -> Exchange:
    body = "".join(f"data: {line}\n\n" for line in lines).encode()
    return Exchange(post(), Response(200, body=body), **facts)


def ended(ending: Ending, at_ms: float = 0.0, total_ms: float = 0.0) -> Exchange:
    return Exchange(post(), Response(200), ending=ending, at_ms=at_ms, total_ms=total_ms)


ADDED, GONE = {**CHAT, "user": "u"}, {key: value for key, value in CHAT.items() if key != "messages"}
USAGE, BESIDE = '{"choices": [], "usage": {"a": 1}}', '{"choices": [{}], "usage": {"a": 1}}'
HTML, ERROR = b"\n<html>", b'{"error": {"type": "server_error"}}'


@pytest.mark.parametrize(
    ("of", "exchange", "fact"),
    [
        (read._lost, passed(post()), []),
        (read._lost, passed(post(headers=(("authorization", "Bearer b"),))), ["x-request-id"]),  # a key is another fact
        (read._lost, passed(), ["x-request-id"]),
        (read._without_query, passed(post(), sent=post(url=f"{URL}?a=b")), True),
        (read._without_query, passed(post(url=f"{URL}?a=b")), False),
        (read._key, passed(), "not sent"),
        (read._key, passed(post()), "the client's"),
        (read._key, passed(post(headers=(("authorization", "Bearer b"),))), "its own"),
        (read._key, passed(post(headers=())), "none"),
        (read._body_form, passed(post()), "same bytes"),
        (read._body_form, passed(post(json.dumps(CHAT, indent=1).encode())), "white space"),
        (read._body_form, passed(post(dict(reversed(CHAT.items())))), "key order"),
        (read._body_form, passed(post({**CHAT, "temperature": 0})), "temperature 0.0 → 0"),
        (read._body_form, passed(post(ADDED)), "same order"),
        (read._differing, passed(post(ADDED)), ([], ["user"])),
        (read._differing, passed(post(GONE)), (["messages"], [])),  # not each path below it
        (read._differing, passed(), ([], [])),
        (read._refused, passed(), True),
        (read._refused, replace(passed(), ending=Ending.CANCELLED), False),
        (read._refused, passed(post()), False),
        (read._roles, passed(post()), ["user"]),
        (read._include_usage, passed(post({**CHAT, "stream_options": {"include_usage": False}})), False),
        (read._include_usage, passed(post()), "dropped"),
        (read._usage_chunk, told(USAGE, "[DONE]"), "own chunk"),
        (read._usage_chunk, told(BESIDE), "beside a choice"),
        (read._usage_chunk, told("[DONE]"), "none"),
        (read._error, passed(answer=Response(502, body=HTML)), "HTML"),
        (read._error, passed(answer=Response(502, body=b"bad gateway")), "text"),
        (read._error, passed(answer=Response(502)), "nothing"),
        (read._error, passed(answer=Response(500, body=ERROR)), "type server_error"),
        (read._error, passed(answer=Response(500, body=b'{"error": {}}')), "type null"),
        (read._error, passed(answer=Response(500, body=b'{"detail": 1}')), "JSON of its own"),
        (read._error, passed(answer=Response(500, body=b"[1]")), "text"),
        (read._cancel, replace(passed(ended(Ending.CANCELLED)), total_ms=50.0), "told"),
        (read._cancel, replace(passed(ended(Ending.COMPLETE, 10.0, 90.0)), total_ms=50.0), "never told"),
        (read._cancel, replace(passed(ended(Ending.COMPLETE, 10.0, 20.0)), total_ms=50.0), "over by then"),
        (read._cancel, replace(passed(), total_ms=50.0), "not asked by then"),
    ],
)  # fmt: skip
def test_a_fact_of_one_exchange(of: Callable[[Exchange], Any], exchange: Exchange, fact: Any) -> None:
    assert of(exchange) == fact


def test_a_failure_is_told_with_its_retries() -> None:
    limited = Response(429, headers=(("Retry-After", "1"),), body=b'{"error": {"type": "rate_limit"}}')
    calls = [replace(ended(Ending.COMPLETE), at_ms=at) for at in (2.0, 1004.0)]
    assert read._failure(replace(passed(*calls, answer=limited), total_ms=1010.4)) == {
        "posts": 2,
        "within_ms": 1002,
        "status": 429,
        "after_ms": 1010,
        "retry-after": True,
        "error": "type rate_limit",
    }
    assert read._failure(Exchange(post(), None))["error"] == "nothing"


def test_a_stream_that_broke_off() -> None:
    chunks = (Chunk(10.0, 5), Chunk(42.0, 5))
    one = told('{"choices": [{"finish_reason": "stop"}]}', '{"error": {}}', chunks=chunks, ending=Ending.CUT)
    assert read._stream(one) == {
        "status": 200,
        "ending": "cut",
        "finish": ["stop"],
        "done": False,
        "error": True,
        "spread_ms": 32,
    }
    assert read._stream(told("[DONE]"))["done"] is True
