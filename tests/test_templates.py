"""Placeholders, model names and mapped parameters: from a step to the exact bytes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gate.model import MISSING, Exchange, Json, Request, Response, Route, Scenario, Step
from gate.run import templates
from gate.run.templates import UnfilledError, content, fill, mapped, prepared, reply, unserved
from gate.wire import form
from gate.wire.paths import at

ROUTE = Route("candidate", "http://h/v1", models={"chat": "m-1"})
CALL = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
MESSAGE = {"role": "assistant", "content": None, "tool_calls": [CALL], "refusal": None}


def answered(doc: Json, path: str = "chat/completions") -> Exchange:
    body = doc if isinstance(doc, bytes) else json.dumps(doc).encode()
    return Exchange(Request("POST", f"http://h/v1/{path}", body=b"{}"), Response(200, body=body))


def chat(message: Json) -> Exchange:
    return answered({"object": "chat.completion", "choices": [{"index": 0, "message": message}]})


def stream(*deltas: Json) -> Exchange:
    docs = [{"choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
    lines = [f"data: {json.dumps(doc)}\n\n" for doc in docs]
    return answered("".join([*lines, "data: [DONE]\n\n"]).encode())


def none(step: int) -> Json:
    return MISSING


@pytest.mark.parametrize(
    ("exchange", "path", "value"),
    [
        (chat(MESSAGE), "", MESSAGE),
        (chat(MESSAGE), "tool_calls[0].id", "call_1"),
        (chat(MESSAGE), "tool_calls[1].id", MISSING),
        (chat({"role": "assistant", "content": "hi"}), "tool_calls[0].id", MISSING),
        (answered({"object": "response", "output": [{"id": "o"}]}, "responses"), "output[0].id", "o"),
        (answered({"choices": []}), "", MISSING),
        (answered({"choices": "none"}), "choices", "none"),
        (answered([1]), "", MISSING),
        (answered(b"<html>"), "", MISSING),
        (None, "", MISSING),
    ],
)
def test_replies(exchange: Exchange | None, path: str, value: Json) -> None:
    assert at(reply(exchange), path) == value


def test_a_streamed_reply_is_folded() -> None:
    calls = [{"index": 0, "id": "call_1", "type": "function", "function": {"name": "f", "arguments": ""}}]
    more = [{"index": 0, "function": {"arguments": '{"a":1}'}}]
    exchange = stream({"role": "assistant", "content": None}, {"tool_calls": calls}, {"tool_calls": more})
    assert at(reply(exchange), "tool_calls[0].id") == "call_1"
    assert at(reply(exchange), "tool_calls[0].function.arguments") == '{"a":1}'


@pytest.mark.parametrize(
    ("value", "filled"),
    [
        ({"messages": ["hi", {"$reply": 0}]}, {"messages": ["hi", MESSAGE]}),
        ({"id": {"$reply": 0, "path": "tool_calls[0].id"}}, {"id": "call_1"}),
        ([1, {"$reply": 0, "path": "tool_calls"}], [1, CALL]),
        ({"calls": {"$reply": 0, "path": "tool_calls"}}, {"calls": [CALL]}),
        ({"m": {"$golden": 0, "path": "role"}}, {"m": "stored"}),
        ({"x": {"$repeat": {"text": "ab ", "times": 3}}}, {"x": "ab ab ab "}),
        ({"schema": {"$ref": "#/$defs/a"}}, {"schema": {"$ref": "#/$defs/a"}}),
        ([[1], None, True, 1.5], [[1], None, True, 1.5]),
    ],
)
def test_placeholders_are_filled(value: Json, filled: Json) -> None:
    assert fill(value, lambda step: MESSAGE, lambda step: {"role": "stored"}) == filled


def test_a_reply_that_looks_like_a_placeholder_is_not_read_again() -> None:
    hostile = {"$repeat": {"text": "x", "times": 10**12}}
    assert fill([{"$reply": 0}], lambda step: hostile, none) == [hostile]


@pytest.mark.parametrize(
    ("placeholder", "words"),
    [
        ({"$reply": 0}, "not sent: its reply to step 0 has no message"),
        ({"$reply": 0, "path": "tool_calls[0].id"}, "not sent: its reply to step 0 has no tool_calls[0].id"),
        ({"$golden": 1, "path": "id"}, "not sent: the golden's reply to step 1 has no id"),
    ],
)
def test_a_gap_is_explained(placeholder: Json, words: str) -> None:
    with pytest.raises(UnfilledError, match=words.replace("[", r"\[")):
        fill([placeholder], none, none)


def deep() -> Any:
    value: Any = "x"
    for _ in range(100_000):
        value = [value]
    return value


def test_a_reply_that_no_json_holds_is_explained() -> None:
    with pytest.raises(UnfilledError, match="can't be written"):
        content(Step("chat.completions", "chat", {"messages": [{"$reply": 0}]}), ROUTE, {}, lambda step: deep(), none)


@pytest.mark.parametrize(
    ("step", "names", "sent"),
    [
        (Step("chat.completions", "chat", {"n": 1}), {}, b'{"model":"m-1","n":1}'),
        (Step("chat.completions", "chat", {"a": 1, "max_tokens": 5, "b": 2}), {"max_tokens": "max_completion_tokens"},
         b'{"model":"m-1","a":1,"max_completion_tokens":5,"b":2}'),
        (Step("chat.completions", "chat", {"seed": 1, "n": 1}), {"seed": None}, b'{"model":"m-1","n":1}'),
        (Step("chat.completions", None, {"model": "no-such-model"}), {}, b'{"model":"no-such-model"}'),
        (Step("chat.completions", "!other", {"model": "no-such-model"}), {}, b'{"model":"no-such-model"}'),
        (Step("chat.completions", None, {"text": "Grüße \u2028 \ud83d"}), {}, None),
        (Step("chat.completions", None, {"text": "Grüße"}), {}, '{"text":"Grüße"}'.encode()),
        (Step("chat.completions", raw='{"messages": [', body=None), {}, b'{"messages": ['),
        (Step("chat.completions", "chat", {"n": 1, "model": {"$model": "chat"}, "z": 2}), {"n": "m"}, b'{"m":1,"model":"m-1","z":2}'),
        (Step("chat.completions", "chat", raw='{"a": "\\"model\\": \\"x\\"", "model" : "x"}'), {}, b'{"a": "\\"model\\": \\"x\\"", "model" : "m-1"}'),
        (Step("chat.completions", "!none", raw='{"model":"x"}'), {}, b'{"model":"x"}'),
        (Step("chat.completions", "chat", raw='{"model":7}'), {}, b'{"model":7}'),
        (Step("chat.completions", "chat", raw='{"a":{"model":"x"},"model":"\\u0078"}'), {}, b'{"a":{"model":"x"},"model":"m-1"}'),
        (Step("models", method="GET"), {}, None),
    ],
)  # fmt: skip
def test_bytes(step: Step, names: dict[str, str | None], sent: bytes | None) -> None:
    got = content(step, ROUTE, names, none, none)
    if step.body and "text" in step.body and sent is None:
        assert json.loads(got or b"") == step.body  # the lone surrogate went as an escape
    else:
        assert got == sent


def test_mapping_never_overwrites_what_is_there() -> None:
    names = {"max_tokens": "max_completion_tokens"}
    assert mapped({"max_tokens": 1, "max_completion_tokens": 2}, names) == {"max_completion_tokens": 2}


def test_routes_get_the_same_bytes_but_for_model_and_map() -> None:
    step = Step("chat.completions", "chat", {"messages": [{"role": "user", "content": "hi"}], "max_tokens": 5})
    other = Route("baseline", "http://o/v1", models={"chat": "m-2"})
    mine, theirs = (content(step, route, route.map, none, none) or b"" for route in (ROUTE, other))
    assert mine.replace(b"m-1", b"m-2") == theirs


def test_request_ids_are_the_same_for_both_routes_and_differ_otherwise() -> None:
    scenario = Scenario("s", "text", (Step("chat.completions", "chat", {}), Step("chat.completions", "chat", {})))
    ids = {
        prepared(scenario, step, sample, b"", run).request_id
        for run in ("r1", "r2") for step in (0, 1) for sample in (0, 1)
    }  # fmt: skip
    assert len(ids) == 8
    again = templates.request_id("r1", "s", 0, 0)
    assert again in ids


def test_paths_come_from_the_endpoint_or_the_step() -> None:
    scenario = Scenario("s", "text", (Step("embeddings", body={}), Step("unknown", path="no/such/path", method="GET")))
    assert prepared(scenario, 0, 0, b"{}", "r").path == "embeddings"
    assert prepared(scenario, 1, 0, None, "r").path == "no/such/path"


@pytest.mark.parametrize(
    ("step", "served"),
    [
        (Step("chat.completions", "chat", {}), True),
        (Step("embeddings", "embedding", {}), False),
        (Step("embeddings", "embedding", {"model": "x"}), True),
        (Step("models", method="GET"), True),
    ],
)
def test_a_role_without_a_name_is_not_served(step: Step, served: bool) -> None:
    reason = unserved(Scenario("s", "text", (step,)), ROUTE)
    assert (reason == "") == served
    assert served or reason == "route candidate names no model for the role 'embedding'"


# -- forms --------------------------------------------------------------------------------------

CLIP = {"$file": {"name": "a.wav", "base64": "UklGRg=="}}
LISTENING = Step(
    "audio.transcriptions", "chat", {"file": CLIP, "stream": True, "include": ["logprobs"], "images": [CLIP]}
)


def test_a_body_with_a_file_goes_out_as_a_form() -> None:
    sent = content(LISTENING, ROUTE, {"include": "includes"}, none, none)
    assert form.parts(sent, (("content-type", form.CONTENT_TYPE),)) == [
        ("model", "", b"m-1"),
        ("file", "a.wav", b"RIFF"),
        ("stream", "", b"true"),
        ("includes[]", "", b"logprobs"),
        ("images[]", "a.wav", b"RIFF"),
    ]
    assert sent == content(LISTENING, ROUTE, {"include": "includes"}, none, none)
    scenario = Scenario("s", "text", (LISTENING, Step("embeddings", body={"input": "a"}, headers={"x-a": "b"})))
    assert prepared(scenario, 0, 0, sent, "run").headers == {"content-type": form.CONTENT_TYPE}
    assert prepared(scenario, 1, 0, b"{}", "run").headers == {"x-a": "b"}


@pytest.mark.parametrize(
    "hostile",
    [
        f"--{form.CONTENT_TYPE.partition('=')[2]}--",
        {"$file": {"name": "a", "base64": "!?A"}},
        {"$file": {"name": f"--{form.CONTENT_TYPE.partition('=')[2]}--", "base64": ""}},
        {f"--{form.CONTENT_TYPE.partition('=')[2]}--": 1},
    ],
)
def test_a_reply_that_no_form_holds_is_explained(hostile: Json) -> None:
    step = Step("audio.transcriptions", body={"file": CLIP, "prompt": {"$reply": 0}})
    with pytest.raises(UnfilledError, match="can't be written into a form"):
        content(step, ROUTE, {}, lambda _: hostile, none)


def test_a_file_in_a_reply_that_is_none_is_sent_as_it_came() -> None:
    step = Step("audio.transcriptions", body={"file": CLIP, "prompt": {"$reply": 0}})
    sent = content(step, ROUTE, {}, lambda _: {"$file": {"name": 1, "base64": None}}, none)
    assert form.parts(sent, (("content-type", form.CONTENT_TYPE),)) == [
        ("file", "a.wav", b"RIFF"),
        ("prompt[$file][name]", "", b"1"),
        ("prompt[$file][base64]", "", b"null"),
    ]


def test_a_reply_makes_no_form() -> None:
    step = Step("embeddings", body={"input": {"$reply": 0}})
    assert content(step, ROUTE, {}, lambda _: CLIP, none) == b'{"input":{"$file":{"name":"a.wav","base64":"UklGRg=="}}}'
