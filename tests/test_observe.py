"""Exchanges in normal form: forms, encodings, labels, streams, and bytes that want to do harm."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from gate.endpoints import endpoints
from gate.endpoints import schemas as bodyschema
from gate.endpoints.schemas import schema
from gate.model import MISSING, Chunk, Ending, Exchange, Observation, Request, Response
from gate.observe import exchange as observation
from gate.observe.exchange import observe
from gate.observe.vectors import figures, width
from gate.wire.encoding import MAX_DECODED, decoded
from gate.wire.shape import MAX_DEPTH, shape, show, signature
from tests.rules_table import call, calling, chunk, completion, embedded, none, plain, stream

BODY = json.dumps(completion()).encode()


def answer(raw: bytes, url: str = "/v1/chat/completions", status: int = 200, **headers: str) -> Exchange:
    given = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    request = Request("POST", f"https://host.test{url}", (("X-Request-Id", "ours"),), b'{"model":"m"}')
    return Exchange(request, Response(status, "", given, raw))


@pytest.mark.parametrize(
    ("raw", "form", "body"),
    [
        (BODY, "json", completion()),
        (b"\xef\xbb\xbf" + BODY, "json", completion()),
        (b"  \n" + BODY + b"\n", "json", completion()),
        (b"[1]", "json", [1]),
        (b"null", "json", None),
        (b'"text"', "json", "text"),
        (b"", "empty", MISSING),
        (b" \n", "empty", MISSING),
        (b"<html>", "text", MISSING),
        (BODY[:-1], "text", MISSING),
        (BODY + BODY, "text", MISSING),
        (b'{"a": NaN}', "json", {"a": pytest.approx(float("nan"), nan_ok=True)}),
        (b'{"a": ' + b"9" * 5000 + b"}", "text", MISSING),
        (b"[" * 100_000, "text", MISSING),
        (b"[" * (MAX_DEPTH + 2) + b"]" * (MAX_DEPTH + 2), "text", MISSING),
        (b'{"a":' * 70 + b"1" + b"}" * 70, "text", MISSING),
        (b'{"a": "' + b"[{" * 100 + b'"}', "json", {"a": "[{" * 100}),  # brackets in a text are no depth
        (b'[{"a": [1]}, {"b": {}}' + b", []" * 70 + b"]", "json", [{"a": [1]}, {"b": {}}, *[[]] * 70]),
        (b'"' + b"[" * 70 + b'"', "json", "[" * 70),
        (b'{"a": "\xff"}', "json", {"a": "\ufffd"}),
        (b"data: {}\n\n", "stream", MISSING),
    ],
)
def test_forms(raw: bytes, form: str, body: Any) -> None:
    found = observe(answer(raw, content_type="application/json"))
    assert (found.form, found.body) == (form, body)
    assert found.size == len(raw)


def test_what_is_known_without_a_response() -> None:
    found = observe(none(Ending.RESET, "why"))
    assert (found.form, found.status, found.ending, found.detail) == ("none", 0, "reset", "why")
    assert (found.request["model"], found.endpoint, found.media_type) == ("m", "chat.completions", "")


def test_the_labels_of_an_answer() -> None:
    headers = (("Content-Type", "Application/JSON; charset=utf-8"), ("Vary", "a"), ("vary", "b"))
    found = observe(replace(answer(BODY), response=Response(200, "", headers, BODY)))
    assert (found.media_type, found.headers["vary"], found.request_id) == ("application/json", "a, b", "ours")


@pytest.mark.parametrize(
    ("raw", "encoding", "plain", "true"),
    [
        (BODY, "", BODY, True),
        (BODY, "identity", BODY, True),
        (gzip.compress(BODY, mtime=0), "gzip", BODY, True),
        (gzip.compress(BODY, mtime=0), "GZIP , identity", BODY, True),
        (zlib.compress(BODY), "deflate", BODY, True),
        (zlib.compress(BODY, wbits=-15), "deflate", BODY, True),
        (gzip.compress(zlib.compress(BODY), mtime=0), "deflate, gzip", BODY, True),
        (BODY, "gzip", BODY, False),  # T24: the label stayed, the encoding is gone
        (b"data: {}\n\n", "br", b"data: {}\n\n", False),
        (b"\x0b\x02\x80", "br", b"\x0b\x02\x80", True),
        (b"", "gzip", b"", True),
        (gzip.compress(BODY, mtime=0)[:-20], "gzip", BODY[:0], None),
        (gzip.compress(BODY[:9], mtime=0) + gzip.compress(BODY[9:], mtime=0), "gzip", BODY, True),
        (gzip.compress(BODY, mtime=0) + b"\x1f\x8b no member", "gzip", BODY, True),
        (gzip.compress(BODY, mtime=0) + b"\0\0\0", "gzip", BODY, True),
    ],
)
def test_content_encodings(raw: bytes, encoding: str, plain: bytes, true: bool | None) -> None:
    body, honest = decoded(raw, encoding)
    if true is None:  # cut: what can be read is read
        assert BODY.startswith(body) or body == raw
    else:
        assert (body, honest) == (plain, true)


def test_a_bomb_is_not_unpacked_without_end() -> None:
    body, _ = decoded(gzip.compress(b"\0" * (MAX_DECODED + 1000), mtime=0), "gzip")
    assert len(body) <= MAX_DECODED


def test_a_compressed_stream_has_no_times_of_frames() -> None:
    raw = b"data: {}\n\ndata: [DONE]\n\n"
    packed = replace(answer(gzip.compress(raw, mtime=0), content_encoding="gzip"), chunks=(Chunk(5.0, 40),))
    found = observe(packed)
    assert [event.at_ms for event in found.events] == [None, None]
    assert [event.at_ms for event in observe(replace(answer(raw), chunks=(Chunk(5.0, len(raw)),))).events] == [5.0, 5.0]


@pytest.mark.parametrize(
    ("frame", "kinds"),
    [
        (b"data: [DONE]\n\n", (("done", None),)),
        (b"data:  [DONE] \n\n", (("done", None),)),
        (b": ping\n\n", (("comment", None),)),
        (b"event: ping\n\n", (("dataless", None),)),
        (b"id: 7\n\n", (("dataless", None),)),
        (b'{"a": 1}\n\n', (("unknown", None),)),
        (b"data: {\n\n", (("invalid", None),)),
        (b"data: 7\n\n", (("invalid", None),)),
        (b'data: {"error": {}}\n\n', (("choiceless", None),)),
        (b'data: {"error": {"message": "x"}}\n\n', (("error", None),)),
        (b'event: error\ndata: {"message": "x"}\n\n', (("error", None),)),
        (b'data: {"choices": []}\n\n', (("choiceless", None),)),
        (b'data: {"choices": [], "usage": {}}\n\n', (("choiceless", None), ("usage", None))),
        (b'data: {"choices": [7]}\n\n', (("empty", 0),)),
        (b'data: {"choices": [{"index": "x", "delta": null}]}\n\n', (("empty", 0),)),
        (b'data: {"choices": [{"index": 2, "delta": {"tool_calls": [{}], "role": "a", "content": "x"}}]}\n\n',
         (("role", 2), ("content", 2), ("tool", 2))),
        (b'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "usage": {"x": 1}}\n\n',
         (("finish", 0), ("usage", None))),
    ],
)  # fmt: skip
def test_what_a_frame_does(frame: bytes, kinds: Any) -> None:
    first = observe(answer(b"data: {}\n\n" + frame)).events[1]
    assert first.kinds == kinds


@pytest.mark.parametrize(
    ("url", "frame", "kind"),
    [
        ("/v1/made-up", b"data: [DONE]\n\n", "done"),
        ("/v1/made-up", b'data: {"error": {"x": 1}}\n\n', "error"),
        ("/v1/made-up", b"event: error\ndata: {}\n\n", "error"),
        ("/v1/made-up", b"data: {}\n\n", "data"),
        ("/v1/responses", b'data: {"type": "response.created"}\n\n', "created"),
        ("/v1/responses", b"data: 7\n\n", "invalid"),
        ("/v1/responses", b'data: {"type": 7}\n\n', "error"),
        ("/v1/responses", b'data: {"error": {"x": 1}}\n\n', "error"),
        ("/v1/responses", b"event: response.failed\ndata: {}\n\n", "failed"),
        ("/v1/completions", b'data: {"choices": [{"text": "a"}]}\n\n', "content"),
        ("/v1/completions", b"data: 7\n\n", "invalid"),
        ("/v1/completions", b'data: {"choices": []}\n\n', "choiceless"),
        ("/v1/completions", b'data: {"choices": [7]}\n\n', "empty"),
    ],
)
def test_what_a_frame_does_elsewhere(url: str, frame: bytes, kind: str) -> None:
    assert observe(answer(b"data: {}\n\n" + frame, url)).events[1].kinds[0][0] == kind


# -- folds --------------------------------------------------------------------------------------


def message(*deltas: dict[str, Any]) -> Any:
    """The message that a client accumulates from these deltas."""
    found = observe(stream(*(chunk(d) for d in deltas), chunk({}, "stop")))
    assert found.answer is not None
    return found.answer.final["choices"][0]["message"]


@pytest.mark.parametrize(
    ("deltas", "whole"),
    [
        ([{"content": "a"}, {"content": ""}, {"content": "b"}], {"content": "ab"}),
        ([{"content": [{"type": "text", "text": "a"}, 7]}, {"content": "b"}], {"content": "ab"}),
        ([{"content": None}, {"content": 7}], {"content": 7}),
        ([{"reasoning_content": "a"}, {"reasoning_content": "b"}], {"reasoning_content": "ab"}),
        ([{"reasoning_details": [1]}, {"reasoning_details": [2]}], {"reasoning_details": [1, 2]}),
        ([{"role": "assistant"}, {"role": ""}, {"role": None}], {"role": "assistant"}),
        ([{"function_call": {"name": "f", "arguments": "{"}}, {"function_call": {"arguments": "}", "name": ""}}],
         {"function_call": {"name": "f", "arguments": "{}"}}),
        ([{"function_call": {"name": "f"}}, {"function_call": {"arguments": "{}"}}],
         {"function_call": {"name": "f", "arguments": "{}"}}),
        ([{"tool_calls": "none"}], {"tool_calls": "none"}),
        ([{"tool_calls": "none"}, {"tool_calls": [7]}], {"tool_calls": []}),
    ],
)  # fmt: skip
def test_a_chat_stream_is_folded(deltas: list[dict[str, Any]], whole: Any) -> None:
    assert message(*deltas) == whole


def test_tool_calls_are_folded_by_index() -> None:
    found = observe(
        calling(
            {**call(""), "index": 0},
            {"index": 0, "function": {"arguments": '{"a"'}},
            {**call("", id="call_2"), "index": 1},
            {"index": 1, "function": {"arguments": "{}"}},
            {"index": 0, "function": {"arguments": ": 1}"}},
        )
    )
    assert found.answer is not None
    calls = found.answer.choices[0].tool_calls
    assert [(c.id, c.name, c.arguments) for c in calls] == [
        ("call_1", "get_weather", '{"a": 1}'),
        ("call_2", "get_weather", "{}"),
    ]
    assert found.problems == ()


def test_arguments_that_become_an_object_stay_one() -> None:
    found = observe(calling({**call('{"a"'), "index": 0}, {"index": 0, "function": {"arguments": {"a": 1}}}))
    assert found.answer is not None
    assert found.answer.final["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"] == {"a": 1}


def test_folds_pass_over_what_is_no_object() -> None:
    """Not so in an observation, where such a frame is invalid; other callers need not know."""
    folds = {name: known.fold for name, known in endpoints().items() if known.fold}
    assert {"chat.completions", "completions", "responses"} <= {*folds}
    assert {name: fold(((0, 7), (1, None))).final for name, fold in folds.items()} == {
        name: fold(()).final for name, fold in folds.items()
    }


def test_a_schema_may_be_silent_on_a_null() -> None:
    rules = {"type": "string", "x-null": "silent"}
    told = [
        bodyschema._violations(error) for value in (None, 7) for error in Draft202012Validator(rules).iter_errors(value)
    ]
    assert [[v.keyword for v in found] for found in told] == [[], ["type"]]


def test_a_response_that_becomes_another_is_a_problem() -> None:
    docs = [{"type": f"response.{kind}", "response": {"id": f"resp_{kind}"}} for kind in ("created", "completed")]
    found = observe(stream(docs[0], 7, docs[1], url="/v1/responses"))
    assert [(p.code, p.path) for p in found.problems] == [("id-changed", "response.id")]


def test_log_probabilities_are_joined() -> None:
    def part(token: Any) -> Any:
        return {"choices": [{"index": 0, "delta": {"content": "x"}, "logprobs": token, "finish_reason": None}]}

    found = observe(stream(part({"content": [1]}), part(None), part({"content": [2], "refusal": None}), part(7)))
    assert found.answer is not None
    assert found.answer.final["choices"][0]["logprobs"] == 7
    joined = observe(stream(part({"content": [1]}), part(None), part({"content": [2], "refusal": None})))
    assert joined.answer is not None
    assert joined.answer.final["choices"][0]["logprobs"]["content"] == [1, 2]


def test_a_legacy_stream_is_folded() -> None:
    def part(text: str, finish: Any = None) -> Any:
        return {"object": "text_completion", "choices": [{"index": 0, "text": text, "finish_reason": finish}]}

    broken = {"error": {"message": "down"}}
    found = observe(stream(part("a"), 7, broken, part("b"), part("", "stop"), url="/v1/completions"))
    assert found.answer is not None
    assert (found.answer.choices[0].text, found.answer.choices[0].finish) == ("ab", "stop")
    twice = observe(stream(part("a", "stop"), part("b", "length"), url="/v1/completions"))
    assert [problem.code for problem in twice.problems] == ["finish-changed"]
    grown = observe(stream(*map(part, ("a", "ab", "abc", "abcd", "abcde")), url="/v1/completions"))
    assert [problem.code for problem in grown.problems] == ["text-cumulative"]
    again = observe(
        stream(*map(part, ("One ", "two ", "three ", "four. ", "One two three four. ")), url="/v1/completions")
    )
    assert [problem.code for problem in again.problems] == ["text-repeated"]


def test_the_same_shape_is_the_same_object() -> None:
    """Shapes are kept by signature: a thousand answers of one kind cost one walk."""
    one, other = observe(plain(completion(id="a"))), observe(plain(completion(id="b")))
    assert one.shape is other.shape
    assert observe(plain(completion(id=7))).shape["id"].types == {"integer"}


def alone(exchange: Exchange) -> Observation:
    """As a process sees it whose first exchange it is."""
    kept: Any = vars(observation)
    kept["_VIOLATIONS"].clear()
    kept["_SHAPES"].clear()
    return observe(exchange)


def facts(found: Observation) -> str:
    """What is kept by signature; of counts only what rules ask."""
    shapes = [
        {p: (sorted(f.types), f.always, f.empty > 0) for p, f in s.items()} for s in (found.shape, found.final_shape)
    ]
    return repr((found.violations, shapes))


def test_what_came_before_changes_nothing() -> None:
    """What is kept by signature is kept under its own: once a whole answer was kept under its last chunk's, so that
    the next stream's nameless call, and a plain answer without choices like that chunk, passed unseen."""
    usage = {**chunk(), "choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}}
    start = {**call(""), "index": 0}
    good = stream(chunk({"role": "assistant", "tool_calls": [start]}), chunk({}, "tool_calls"), usage)
    bare = {"index": 0, "id": "call_1", "type": "function", "function": {"arguments": ""}}
    nameless = stream(chunk({"role": "assistant", "tool_calls": [bare]}), chunk({}, "tool_calls"), usage)
    empty = plain({**usage, "object": "chat.completion"})
    every = [good, nameless, empty, stream({**usage, "object": "chat.completion"}), empty]
    expected = [alone(exchange).violations for exchange in every]
    assert [bool(found) for found in expected] == [False, True, True, True, True]
    alone(good)
    assert [observe(exchange).violations for exchange in every] == expected


def limits(node: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """(key, word) of each rule about a value in a JSON Schema."""
    for word, inner in node.items():
        if word in ("enum", "const", "pattern", "minimum", "maximum", "maxLength", "maxItems", "uniqueItems", "format"):
            yield key, word
        for name, child in inner.items() if word == "properties" else [(key, inner)]:
            for one in child if isinstance(child, list) else [child]:
                yield from limits(one, name) if isinstance(one, dict) else ()


def test_a_signature_keeps_every_value_that_a_schema_looks_at() -> None:
    found = {e.schema for e in endpoints().values()} | {e.chunk_schema for e in endpoints().values()}
    judged = {key for name in found if name for key, _ in limits(schema(name))}
    known = {"object", "role", "type", "finish_reason", "service_tier", "status", "reason"}
    assert judged == known, "_CLOSED of gate/wire/shape.py has the keys whose values schemas look at"
    assert all(signature({key: "one"}) != signature({key: "other"}) for key in judged)
    assert all(signature({key: "null"}) != signature({key: None}) for key in judged)
    assert all(signature({key: "integer"}) != signature({key: 1}) for key in judged)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(
        ["choices", "delta", "message", "content", "tool_calls", "function", "index", "usage", "error", "role",
         "finish_reason", "arguments", "name", "id", "type", "logprobs", "response", "output", "data", "embedding"]
    ), inner, max_size=6),
    max_leaves=25,
)  # fmt: skip


@given(st.lists(JSON, max_size=6), st.sampled_from(["chat/completions", "responses", "completions", "embeddings", "x"]))
def test_nothing_that_a_remote_sends_makes_it_raise(docs: list[Any], path: str) -> None:
    whole = observe(plain(docs[0] if docs else {}, url=f"/v1/{path}"))
    parts = observe(stream(*docs, url=f"/v1/{path}"))
    assert whole.form == "json"
    assert parts.form == "stream"
    assert len(parts.events) == len(docs) + 1


@given(st.lists(JSON, max_size=4), st.lists(JSON, max_size=4), st.sampled_from(["chat/completions", "responses"]))
def test_nothing_is_remembered_of_one_exchange_in_the_next(docs: list[Any], others: list[Any], path: str) -> None:
    url = f"/v1/{path}"
    mine = [stream(*docs, url=url), *(plain(doc, url=url) for doc in docs)]
    expected = [facts(alone(exchange)) for exchange in mine]
    alone(stream(*others, url=url))
    for doc in others:
        observe(plain(doc, url=url))
    assert [facts(observe(exchange)) for exchange in mine] == expected


@given(st.binary(max_size=300))
def test_no_bytes_make_it_raise(raw: bytes) -> None:
    for body in (raw, b"data: " + raw):
        for encoding in ("", "gzip", "br"):
            observe(answer(body, content_encoding=encoding))


def test_what_is_remembered_has_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shapes of hostile routes have no end; what was kept of them is dropped, and nothing is judged otherwise."""
    right, wrong = plain(completion(odd=1)), plain({**completion(), "choices": 7, "odd": 2})
    before = [facts(alone(exchange)) for exchange in (right, wrong)]
    kept: dict[object, object] = dict.fromkeys(range(9000))
    monkeypatch.setattr(observation, "_VIOLATIONS", dict(kept))
    monkeypatch.setattr(observation, "_SHAPES", dict(kept))
    monkeypatch.setattr(bodyschema, "_CLEAN", set(range(66_000)))
    assert [facts(observe(exchange)) for exchange in (right, wrong)] == before
    for known in (observation._VIOLATIONS, observation._SHAPES, bodyschema._CLEAN):
        assert 0 < len(known) < 100


def test_shapes_end_at_a_depth() -> None:
    deep: Any = 1
    for _ in range(MAX_DEPTH + 5):
        deep = {"a": [deep]}
    nested: Any = 1
    for _ in range(MAX_DEPTH + 5):
        nested = [nested]
    assert max(path.count("[]") for path in shape([nested])) == MAX_DEPTH
    found = shape([deep])
    assert max(path.count("a") for path in found) <= MAX_DEPTH
    assert shape([{"a": [10**400, 0.5]}])["a[]"].types == {"integer", "number"}  # no float holds it, and it is finite


def test_a_value_that_json_cannot_write_is_shown_by_its_type() -> None:
    assert show(10**5000) == "'int'"
    assert show({1, 2}) == "'set'"


def test_figures_are_those_of_a_bounded_number_of_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    some = observe(embedded([0.6, 0.8], [0.8, 0.6]))
    assert figures(some) == [[0.6, 0.8], [0.8, 0.6]]
    assert figures(observe(embedded())) is None
    assert figures(observe(embedded([0.6, 0.8], "none"))) is None
    monkeypatch.setattr("gate.observe.vectors.MAX_VECTORS", 1)
    assert figures(some) is None


@pytest.mark.parametrize(
    ("vector", "numbers"),
    [
        ([0.6, 0.8], 2),
        (base64.b64encode(bytes(16)).decode(), 4),
        (base64.b64encode(bytes(15)).decode(), None),
        (None, None),
    ],
)
def test_the_width_of_a_vector(vector: Any, numbers: int | None) -> None:
    assert width(vector) == numbers


def test_a_query_without_end_is_kept_as_it_came() -> None:
    long = replace(answer(BODY), request=Request("POST", "https://host.test/v1/chat/completions?" + "a=1&" * 1001, ()))
    passage = observe(replace(answer(BODY), upstream=(long,))).passage
    assert passage is not None
    assert (passage.calls[0].sent.path, passage.calls[0].sent.query) == (long.request.url, {})
