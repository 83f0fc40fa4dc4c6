"""The replay server over real loopback sockets, with httpx as the client."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate
from random import Random
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.errors import GateError
from gate.model import Chunk, Ending, Exchange, Headers, Request, Response
from gate.replay.asks import recorded_path
from gate.replay.server import Fault, Replay, serve
from gate.replay.vary import vary
from gate.wire.sse import tokenize

PROMPT: dict[str, Any] = {"messages": [{"role": "user", "content": "Count from 1 to 60."}], "temperature": 0}
CHAT, RESPONSES = "chat/completions", "responses"
JSON_TYPE, SSE_TYPE = ("content-type", "application/json"), ("content-type", "text/event-stream; charset=utf-8")
CHAT_ID = "chatcmpl-Bx7GqQ8dS1xAv0"


def sse(*docs: object) -> bytes:
    return b"".join(b"data: " + json.dumps(doc).encode() + b"\n\n" for doc in docs) + b"data: [DONE]\n\n"


def chunk(delta: object, finish: str | None = None) -> dict[str, object]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": CHAT_ID, "object": "chat.completion.chunk", "created": 1753869032, "model": "m", "choices": [choice]}


STREAM = sse(chunk({"role": "assistant", "content": ""}), chunk({"content": "One Two,\n3 \u00e9"}), chunk({}, "stop"))


def recorded(
    body: object,
    answer: bytes,
    *headers: tuple[str, str],
    status: int = 200,
    path: str = CHAT,
    key: str = "x",
    **rest: Any,
) -> Exchange:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    auth: Headers = (("authorization", f"Bearer {key}"),) if key else ()
    request = Request("POST", f"https://api.example.com/v1/{path}", (JSON_TYPE, *auth), sent)
    return Exchange(request, Response(status, headers=headers or (JSON_TYPE,), body=answer), **rest)


def evenly(body: bytes, parts: int, every_ms: float) -> tuple[Chunk, ...]:
    cuts = [len(body) * n // parts for n in range(parts + 1)]
    return tuple(Chunk((n + 1) * every_ms, cuts[n + 1] - cuts[n]) for n in range(parts))


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(headers={"authorization": "Bearer sk-mine"}, timeout=10) as client:
        yield client


def test_bytes_headers_and_chunks_are_those_recorded(http: httpx.Client) -> None:
    headers = (SSE_TYPE, ("X-Request-Id", "req_1"), ("Transfer-Encoding", "chunked"), ("Connection", "close"))
    exchange = recorded(PROMPT, STREAM, *headers, chunks=evenly(STREAM, 5, 1))
    with (
        serve(Replay([exchange], speed=0)) as base,
        http.stream("POST", f"{base}/{CHAT}", json={"model": "another", **PROMPT}) as response,
    ):
        got = list(response.iter_raw())
    assert b"".join(got) == STREAM
    assert [len(part) for part in got] == [c.size for c in exchange.chunks]
    assert response.headers.multi_items() == [
        ("content-type", SSE_TYPE[1]),
        ("x-request-id", "req_1"),
        ("transfer-encoding", "chunked"),
    ]


@pytest.mark.parametrize(("speed", "lasts"), [(1.0, 0.4), (2.0, 0.2), (0, 0.0)])
def test_pace(http: httpx.Client, speed: float, lasts: float) -> None:
    exchange = recorded(PROMPT, STREAM, SSE_TYPE, chunks=evenly(STREAM, 4, 90), total_ms=400.0)
    with serve(Replay([exchange], speed=speed)) as base:
        http.get(base)  # connects
        start, times = time.perf_counter(), list[float]()
        with http.stream("POST", f"{base}/{CHAT}", json=PROMPT) as response:
            times += [time.perf_counter() - start for _ in response.iter_raw()]
        took = time.perf_counter() - start
    wanted = [c.at_ms / 1000 / speed if speed else 0.0 for c in exchange.chunks]
    assert len(times) == len(wanted)
    # never early; how late a busy machine may be is a matter for bench/
    assert all(at - due > -0.002 for at, due in zip(times, wanted, strict=True)), (times, wanted)
    assert took - lasts > -0.002


def test_lateness_does_not_add_up(http: httpx.Client) -> None:
    exchange = recorded(PROMPT, STREAM, SSE_TYPE, chunks=evenly(STREAM, 100, 3))
    with serve(Replay([exchange])) as base:
        http.get(base)
        start = time.perf_counter()
        http.post(f"{base}/{CHAT}", json=PROMPT)
        assert 0.298 < time.perf_counter() - start < 3


def test_samples_take_turns_and_scenarios_stay_apart(http: httpx.Client) -> None:
    other = {**PROMPT, "max_tokens": 5}
    replay = Replay([recorded(PROMPT, b'"a"'), recorded(PROMPT, b'"b"'), recorded(other, b'"c"')])
    with serve(replay) as base:
        answers = [http.post(f"{base}/{CHAT}", json=body).json() for body in (PROMPT, other, PROMPT, PROMPT, other)]
    assert answers == ["a", "c", "b", "a", "c"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/chat/completions", {**PROMPT, "temperature": 1}),
        ("/v1/completions", PROMPT),
        ("/v1/v1/chat/completions", PROMPT),
        ("/chat/completions", PROMPT),
        ("/", None),
    ],
)
def test_what_nobody_recorded_is_said_so(http: httpx.Client, path: str, body: object) -> None:
    with serve(Replay([recorded(PROMPT, b"1")])) as base:
        response = http.post(base.removesuffix("/v1") + path, json=body)
    assert response.status_code == 404
    assert response.json()["error"]["type"] == "no_recording"
    assert path in response.json()["error"]["message"]


def test_the_key_decides_as_it_did_when_recording(http: httpx.Client) -> None:
    replay = Replay(
        [
            recorded(PROMPT, b'"fine"'),
            recorded(PROMPT, b'"bad"', status=401, key="sk-bad-0000"),
            recorded(PROMPT, b'"none"', status=401, key=""),
        ]
    )
    with serve(replay) as base:
        keys = ["Bearer sk-mine", "Bearer sk-bad-0000", "Bearer", "Bearer sk-mine"]
        answers = [http.post(f"{base}/{CHAT}", json=PROMPT, headers={"authorization": k}).json() for k in keys]
    assert answers == ["fine", "bad", "none", "fine"]


def test_the_key_where_the_recording_lost_it() -> None:
    """Scrubbed cassettes: what is left of a bad key is its 401."""
    replay = Replay([recorded(PROMPT, b"1", key=""), recorded(PROMPT, b"2", status=401, key="")])

    def status(key: str | None) -> int:
        headers = (("api-key", key),) if key else ()
        found = replay.answer(Request("POST", "http://h/v1/chat/completions", headers, json.dumps(PROMPT).encode()))
        assert found is not None
        assert found.response is not None
        return found.response.status

    assert [status("mine"), status("sk-bad-1"), status(None)] == [200, 401, 401]


def test_unknown_model_and_malformed_json_have_their_own_answers() -> None:
    replay = Replay(
        [
            recorded({"model": "gpt-4o-mini", **PROMPT}, b"1"),
            recorded({"model": "no-such-model", **PROMPT}, b"2", status=404),
            recorded(b'{"model": "gpt-4o-mini", "messages": [', b"3", status=400),
            recorded(b"[" * 100_000, b"4", status=400),
        ]
    )

    def answer(body: bytes) -> bytes | None:
        found = replay.answer(Request("POST", "http://h/v1/chat/completions", (("api-key", "k"),), body))
        return found.response.body if found and found.response else None

    assert answer(json.dumps({"model": "x", **PROMPT}).encode()) == b"1"
    assert answer(json.dumps({"model": "no-such-model", **PROMPT}).encode()) == b"2"
    assert answer(b'{"model": "x", "messages": [') == b"3"
    assert answer(b"[" * 100_000) == b"4"
    assert answer(b"") is None


def test_later_steps_may_echo_other_replies() -> None:
    def turn(call: str, text: str) -> dict[str, Any]:
        calls = [{"id": call, "type": "function", "function": {"name": "f", "arguments": "{}"}}]
        echoed = {"role": "assistant", "content": text, "tool_calls": calls}
        return {"messages": [*PROMPT["messages"], echoed, {"role": "tool", "tool_call_id": call, "content": "12.4"}]}

    replay = Replay([recorded(PROMPT, b"1"), recorded(turn("call_a", "Let me see"), b"2")])
    sent = json.dumps(turn("call_zzz", "I look it up")).encode()
    found = replay.answer(Request("POST", "http://h/v1/chat/completions", (("api-key", "k"),), sent))
    assert found is not None
    assert found.response == Response(200, headers=(JSON_TYPE,), body=b"2")


def test_later_steps_of_the_responses_api_too() -> None:
    def turn(call: str) -> dict[str, Any]:
        echoed = {"type": "function_call", "id": f"fc_{call}", "call_id": call, "name": "f", "arguments": "{}"}
        return {"input": [echoed, {"type": "function_call_output", "call_id": call, "output": "12.4"}]}

    replay = Replay([recorded(turn("call_a"), b"2", path=RESPONSES)])
    sent = Request("POST", "http://h/v1/responses", (("api-key", "k"),), json.dumps(turn("call_b")).encode())
    assert replay.answer(sent) is not None


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://api.openai.com/v1/chat/completions", "chat/completions"),
        ("https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=1", "chat/completions"),
        ("https://generativelanguage.googleapis.com/v1beta/openai/embeddings", "embeddings"),
        ("https://h/api/v1/models/gpt-4o", "models/gpt-4o"),
        ("http://127.0.0.1:8080/v1/no-such-path", "no-such-path"),
        ("http://127.0.0.1:8080/completions", "completions"),
        ("http://[broken", "http://[broken"),
    ],
)
def test_recorded_paths(url: str, path: str) -> None:
    assert recorded_path(url) == path


@pytest.mark.parametrize("length", [(), (("content-length", str(len(STREAM))),)])
def test_a_cut_answer_is_seen_as_incomplete(http: httpx.Client, length: Headers) -> None:
    half = STREAM[:100]
    exchange = recorded(PROMPT, half, SSE_TYPE, *length, chunks=evenly(half, 3, 1), ending=Ending.CUT)
    with serve(Replay([exchange])) as base:
        got = list[bytes]()
        incomplete = pytest.raises(httpx.RemoteProtocolError, match=r"incomplete|without sending complete")
        with http.stream("POST", f"{base}/{CHAT}", json=PROMPT) as response, incomplete:
            got.extend(response.iter_raw())
    assert b"".join(got) == half


def test_resets_before_and_within_an_answer(http: httpx.Client) -> None:
    within = recorded(PROMPT, STREAM[:100], SSE_TYPE, ending=Ending.RESET)
    before = replace(within, response=None)
    with serve(Replay([within, before])) as base:
        for _ in range(2):
            with pytest.raises(httpx.ReadError):
                http.post(f"{base}/{CHAT}", json=PROMPT)


def test_a_hanging_answer_ends_with_the_client_and_with_the_server(http: httpx.Client) -> None:
    hanging = recorded(PROMPT, STREAM[:100], SSE_TYPE, ending=Ending.TIMEOUT)
    with serve(Replay([hanging, replace(hanging, response=None)], speed=0)) as base:
        for _ in range(2):
            with pytest.raises(httpx.ReadTimeout):
                http.post(f"{base}/{CHAT}", json=PROMPT, timeout=0.2)
        stream = http.stream("POST", f"{base}/{CHAT}", json=PROMPT)
        response = stream.__enter__()
        start = time.perf_counter()
    assert time.perf_counter() - start < 20  # it would have hung for a minute
    with pytest.raises(httpx.TransportError):
        response.read()
    stream.__exit__(None, None, None)


def test_a_client_that_leaves_ends_the_waiting(http: httpx.Client) -> None:
    slow = recorded(PROMPT, STREAM, SSE_TYPE, chunks=evenly(STREAM, 2, 60_000))
    with serve(Replay([slow])) as base:
        with pytest.raises(httpx.ReadTimeout):
            http.post(f"{base}/{CHAT}", json=PROMPT, timeout=0.1)
        start = time.perf_counter()
    assert time.perf_counter() - start < 20  # the recording lasts a minute


def test_faults_come_in_order_and_then_the_recording(http: httpx.Client) -> None:
    exchange = recorded(PROMPT, STREAM, SSE_TYPE, scenario="chat-stream")
    other = recorded({"input": "x"}, b"2", scenario="other")
    faults: dict[str, tuple[Fault, ...]] = {"chat-stream": ("502html", "reset", "ok", "cut", "hang")}
    with serve(Replay([exchange, other], speed=0, faults=faults)) as base:
        url = f"{base}/{CHAT}"
        first = http.post(url, json=PROMPT)
        assert (first.status_code, first.headers["content-type"]) == (502, "text/html")
        assert b"502 Bad Gateway" in first.content
        with pytest.raises(httpx.ReadError):
            http.post(url, json=PROMPT)
        assert http.post(url, json={"input": "x"}).content == b"2"
        assert http.post(url, json=PROMPT).content == STREAM
        with pytest.raises(httpx.RemoteProtocolError):
            http.post(url, json=PROMPT)
        with pytest.raises(httpx.ReadTimeout):
            http.post(url, json=PROMPT, timeout=0.1)
        assert http.post(url, json=PROMPT).content == STREAM


def test_a_mutation_changes_what_is_played(http: httpx.Client) -> None:
    def drift(exchange: Exchange) -> Exchange:
        assert exchange.response is not None
        body = exchange.response.body.replace(b'"stop"', b'"something much longer"')
        return replace(exchange, response=replace(exchange.response, body=body))

    length = ("content-length", str(len(STREAM)))
    exchange = recorded(PROMPT, STREAM, SSE_TYPE, length, chunks=evenly(STREAM, 4, 1))
    with serve(Replay([exchange], mutate=drift)) as base:
        content = http.post(f"{base}/{CHAT}", json=PROMPT).content
    assert content == STREAM.replace(b'"stop"', b'"something much longer"')


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (204, (("content-length", "3"),), b"abc"),
        (200, (("bad name", "x"), ("x-bad", "a\r\nb: c"), ("x-wide", "\u20ac"), ("content-length", "many")), b"abc"),
        (200, (("content-length", "1"),), b""),
        (599, (), b"abc"),
    ],
)
def test_odd_recordings_do_not_stop_the_server(http: httpx.Client, status: int, headers: Headers, body: bytes) -> None:
    with serve(Replay([recorded(PROMPT, body, *headers, status=status)])) as base:
        response = http.post(f"{base}/{CHAT}", json=PROMPT)
    assert response.status_code == status
    assert response.content == (b"" if status == 204 else body)


def test_a_port_that_is_taken() -> None:
    with serve(Replay([])) as base:
        port = int(base.removesuffix("/v1").rpartition(":")[2])
        with pytest.raises(GateError, match=f"port {port}"), serve(Replay([]), port):
            pass


# -- another recording of the same route --------------------------------------------------------


def docs(body: bytes) -> list[Any]:
    return [json.loads(f.data) for f in tokenize(body)[0] if f.data and f.data != "[DONE]"]


def varied(exchange: Exchange, seed: int = 7) -> bytes:
    response = vary(exchange, Random(seed)).response
    assert response is not None
    return response.body


def test_vary_keeps_everything_but_what_varies() -> None:
    exchange = recorded(PROMPT, STREAM, SSE_TYPE, ("x-request-id", "req_0123456789ab"), chunks=evenly(STREAM, 40, 5))
    another = vary(exchange, Random(7))
    assert another == vary(exchange, Random(7))
    assert another.response is not None
    before, after = docs(STREAM), docs(another.response.body)

    assert {d["id"] for d in before}.isdisjoint(ids := {d["id"] for d in after})
    assert [(len(i), i[:9]) for i in ids] == [(len(CHAT_ID), "chatcmpl-")]
    assert {d["created"] for d in after} != {1753869032}
    assert all(d["model"] == "m" for d in after)
    said = after[1]["choices"][0]["delta"]["content"]
    assert said != "One Two,\n3 \u00e9"
    assert [c if not c.isascii() or not c.isalpha() else "Aa"[c.islower()] for c in said] == list("Aaa Aaa,\n3 \u00e9")
    for one, other in zip(before, after, strict=True):
        other.update(id=one["id"], created=one["created"])
    after[1]["choices"][0]["delta"]["content"] = "One Two,\n3 \u00e9"
    assert before == after

    assert another.response.headers != exchange.response.headers if exchange.response else False
    assert sum(c.size for c in another.chunks) == len(another.response.body) == len(STREAM)
    ends, other_ends = ([*accumulate(c.size for c in e.chunks)] for e in (exchange, another))
    assert set(ends) - set(other_ends)
    assert set(other_ends) - set(ends)
    assert [c.at_ms for c in another.chunks] == sorted(c.at_ms for c in another.chunks)


def test_vary_says_the_same_in_parts_and_as_a_whole() -> None:
    """The text of `output_text.done` is that of its deltas, and item ids agree throughout the stream."""
    texts = ["Hel", "lo ", "World"]
    events: list[dict[str, Any]] = [
        {"type": "response.output_text.delta", "item_id": "msg_67ccd2bed1ec", "delta": text} for text in texts
    ]
    events.append({"type": "response.output_text.done", "item_id": "msg_67ccd2bed1ec", "text": "Hello World"})
    events.append({"type": "response.completed", "response": {"output": [{"id": "msg_67ccd2bed1ec"}]}})
    after = docs(varied(recorded({"input": "x"}, sse(*events), SSE_TYPE, path=RESPONSES)))
    assert "".join(d["delta"] for d in after[:3]) == after[3]["text"] != "Hello World"
    assert len({d["item_id"] for d in after[:4]} | {after[4]["response"]["output"][0]["id"]}) == 1


ARGUMENTS = '{"location": "Paris", "unit": "c"}'
CALL = {"id": "call_DdmO9pD3xa9X", "type": "function", "function": {"name": "weather", "arguments": ARGUMENTS}}
UNTOUCHED: dict[str, Exchange] = {
    "structured output": recorded(
        {**PROMPT, "response_format": {"type": "json_object"}}, b'{"choices": [{"message": {"content": "{}, I said"}}]}'
    ),
    "JSON nobody asked for": recorded(PROMPT, b'{"choices": [{"message": {"content": " {\\"a\\": \\"word\\"}"}}]}'),
    "fenced JSON": recorded(PROMPT, b'{"choices": [{"message": {"content": "```json"}}]}'),
    "leaked markup": recorded(PROMPT, b'{"choices": [{"message": {"content": "ok <tool_call>"}}]}'),
    "log probabilities": recorded(
        PROMPT, b'{"choices": [{"message": {"content": "Hi"}, "logprobs": {"content": [{"token": "Hi"}]}}]}'
    ),
    "argument deltas": recorded(
        {"input": "x"}, sse({"type": "response.function_call_arguments.delta", "delta": "word"}), path=RESPONSES
    ),
    "errors": recorded(PROMPT, b'{"error": {"message": "Wrong", "id": "0123456789abc"}, "content": "a"}', status=400),
    "compressed": recorded(PROMPT, b'{"content": "a", "id": "0123456789"}', ("content-encoding", "gzip")),
    "short ids": recorded(PROMPT, b'{"id": "call_0"}'),
    "ids with a meaning": recorded(PROMPT, b'{"id": "functions.get_weather:0"}'),
    "no time at all": recorded(PROMPT, b'{"created": 0, "created_at": 1753869032000}'),
    "not JSON": recorded(PROMPT, b"<html>Bad Gateway</html>"),
    "models": replace(
        recorded(PROMPT, b'{"data": [{"id": "gpt-4o-mini-2024-07-18"}]}'), request=Request("GET", "http://h/v1/models")
    ),
}


@pytest.mark.parametrize("name", UNTOUCHED)
def test_vary_does_not_touch(name: str) -> None:
    exchange = UNTOUCHED[name]
    assert exchange.response is not None
    assert varied(exchange) == exchange.response.body


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("chatcmpl-Bx7GqQ8dS1xAv0", "chatcmpl-"),
        ("tool_0_structured_output_xQ9fhWQqd9DlkdYP5jNw", "tool_0_structured_output_"),
        ("0f3e1a2b-5c6d-4e7f-8a9b-0c1d2e3f4a5b", "0f3e1a2b-5c6d-4e7f-8a9b-"),
        ("D681PevKs", ""),
    ],
)
def test_new_ids_look_like_the_recorded_ones(name: str, kept: str) -> None:
    new = json.loads(varied(recorded(PROMPT, json.dumps({"id": name}).encode())))["id"]
    assert new != name
    assert (len(new), new.startswith(kept)) == (len(name), True)
    assert [(c.isdigit(), c.isupper(), c in "abcdef") for c in new] == [
        (c.isdigit(), c.isupper(), c in "abcdef") for c in name
    ]


def test_vary_where_nothing_came_back() -> None:
    timed_out = replace(recorded(PROMPT, b""), response=None, ending=Ending.TIMEOUT, total_ms=100.0, first_byte_ms=None)
    another = vary(timed_out, Random(1))
    assert another.response is None
    assert another.total_ms != 100.0


def test_vary_sees_structured_output_across_deltas() -> None:
    body = sse(*(chunk({"content": text}) for text in ("", " {", '"name": "word"', "}")))
    after = docs(varied(recorded(PROMPT, body, SSE_TYPE)))
    assert [d["choices"][0]["delta"]["content"] for d in after] == ["", " {", '"name": "word"', "}"]


def test_vary_renames_calls_but_keeps_their_arguments() -> None:
    body = json.dumps({"choices": [{"message": {"content": None, "tool_calls": [CALL]}}]}).encode()
    call = json.loads(varied(recorded(PROMPT, body)))["choices"][0]["message"]["tool_calls"][0]
    assert call["id"] != CALL["id"]
    assert {**call, "id": CALL["id"]} == CALL


@given(st.binary(max_size=300), st.lists(st.integers(0, 50)), st.integers())
def test_vary_is_total_and_keeps_lengths(body: bytes, sizes: list[int], seed: int) -> None:
    exchange = recorded(PROMPT, body, chunks=tuple(Chunk(float(n), s) for n, s in enumerate(sizes)))
    another = vary(exchange, Random(seed))
    assert another.response is not None
    assert len(another.response.body) == len(body)
    assert sum(c.size for c in another.chunks) == sum(sizes)


def test_varied_answers_differ_from_each_other(http: httpx.Client) -> None:
    with serve(Replay([recorded(PROMPT, STREAM, SSE_TYPE)], speed=0, vary=1)) as base:
        answers = [http.post(f"{base}/{CHAT}", json=PROMPT).content for _ in range(3)]
    assert len({*answers, STREAM}) == 4
