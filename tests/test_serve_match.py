"""Which recording answers a request: what SDKs and gateways change must not matter, what is asked must."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from gate.model import Ending, Exchange, Headers, Hop, Request, Response
from gate.replay.service import UNMATCHED, Answer, Service, split_path

CHAT = "chat/completions"
FRANCE: dict[str, Any] = {
    "model": "m",
    "temperature": 0,
    "messages": [{"role": "user", "content": "Capital of France?"}],
}
WEATHER = {"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object"}}}
TIME = {"type": "function", "function": {"name": "get_time"}}
KEY = ("authorization", "Bearer sk-1")
_numbers = count()


def recorded(
    scenario: str, doc: Any, *, path: str = CHAT, status: int = 200, key: str | None = "Bearer ****", **more: Any
) -> Exchange:
    body = doc if isinstance(doc, bytes) else None if doc is None else json.dumps(doc).encode()
    headers: Headers = (("authorization", key),) if key else ()
    sent = Request("GET" if doc is None else "POST", f"https://api.example.com/v1/{path}", headers, body)
    return Exchange(sent, Response(status, body=f"{scenario} {next(_numbers)}".encode()), scenario=scenario, **more)


def service(*exchanges: Exchange) -> Service:
    by_name: dict[str, list[Exchange]] = {}
    for exchange in exchanges:
        by_name.setdefault(exchange.scenario, []).append(exchange)
    return Service(by_name)


def ask(at: Service, doc: Any, *, path: str = f"/v1/{CHAT}", headers: Headers = (KEY,), method: str = "POST") -> Answer:
    body = doc if isinstance(doc, bytes) else None if doc is None else json.dumps(doc).encode()
    return at.respond(Request(method, f"http://127.0.0.1:1{path}", headers, body))


PLAIN = recorded("plain", FRANCE)
STREAM = recorded("stream", {**FRANCE, "stream": True})
USAGE = recorded("usage", {**FRANCE, "stream": True, "stream_options": {"include_usage": True}})
LOGPROBS = recorded("logprobs", {**FRANCE, "logprobs": True, "top_logprobs": 2})
TOOLS = recorded("tools", {**FRANCE, "tools": [WEATHER, TIME], "tool_choice": "required"})
BAD_KEY = recorded("bad-key", FRANCE, status=401, key="Bearer sk-bad-0000")
UNKNOWN = recorded("unknown-model", {**FRANCE, "model": "no-such-model"}, status=404)
INVALID = recorded("invalid", {"model": "m", "temperature": 0}, status=400)
BROKEN = recorded("broken", b'{"model": "m", "messages": [{"role"', status=400)
FLOATS = recorded("floats", {"model": "e", "input": "fox", "encoding_format": "float"}, path="embeddings")
BASE64 = recorded("base64", {"model": "e", "input": "fox", "encoding_format": "base64"}, path="embeddings")
BATCH = recorded("batch", {"model": "e", "input": ["fox", "hen"]}, path="embeddings")
ANSWERS = recorded(
    "answers", {"model": "m", "instructions": "Be brief.", "input": "Capital of France?"}, path="responses"
)
MODELS = recorded("models", None, path="models")
READ = recorded("read", None, path="responses/resp_1")
READ_STREAM = recorded("read-stream", None, path="responses/resp_1?stream=true&starting_after=4")
ALL = (
    PLAIN, STREAM, USAGE, LOGPROBS, TOOLS, BAD_KEY, UNKNOWN, INVALID, BROKEN, FLOATS, BASE64, BATCH, ANSWERS, MODELS,
    READ, READ_STREAM,
)  # fmt: skip


@pytest.mark.parametrize(
    ("doc", "scenario"),
    [
        (FRANCE, "plain"),
        ({**FRANCE, "model": "azure/gpt-4o"}, "plain"),
        (dict(reversed(FRANCE.items())), "plain"),
        ({"model": "m", "messages": FRANCE["messages"]}, "plain"),
        ({**FRANCE, "temperature": 0.0, "user": "u-1", "n": 1, "stream": False, "metadata": {"a": "b"}}, "plain"),
        ({**FRANCE, "messages": [{"role": "user", "content": [{"type": "text", "text": "Capital of"}, {"type": "text", "text": " France?"}]}]}, "plain"),
        ({**FRANCE, "messages": [{"role": "user", "content": "Capital of\nFrance?"}]}, "plain"),
        ({**FRANCE, "stream": True}, "stream"),
        ({**FRANCE, "stream": True, "stream_options": {"include_usage": True}}, "usage"),
        ({**FRANCE, "stream": True, "stream_options": {"include_usage": True}, "max_tokens": 5}, "usage"),
        ({**FRANCE, "logprobs": True}, "logprobs"),
        ({**FRANCE, "tools": [TIME, WEATHER]}, "tools"),
        ({**FRANCE, "functions": [{"name": "get_time"}, {"name": "get_weather"}]}, "tools"),
        ({**FRANCE, "model": "openai/no-such-model"}, "unknown-model"),
        ({"model": "no-such-model", "messages": [{"role": "user", "content": "Other."}]}, "unknown-model"),
        ({"model": "m"}, "invalid"),
        (b'{"model": "other", "messages": [{"role"', "broken"),
    ],
)  # fmt: skip
def test_what_others_change_does_not_matter(doc: Any, scenario: str) -> None:
    assert ask(service(*ALL), doc).scenario == scenario


@pytest.mark.parametrize(
    ("path", "doc", "scenario"),
    [
        ("embeddings", {"model": "x", "input": "fox", "encoding_format": "base64"}, "base64"),
        ("embeddings", {"input": ["fox"], "encoding_format": "float", "dimensions": 8}, "floats"),
        ("embeddings", {"input": ["fox", "hen"]}, "batch"),
        ("responses", {"instructions": "Be brief.", "input": [{"role": "user", "content": [{"type": "input_text", "text": "Capital of France?"}]}]}, "answers"),
        ("models?limit=3", None, "models"),
        ("models/", None, "models"),
        ("responses/resp_1?include[]=usage", None, "read"),
        ("responses/resp_1?stream=false", None, "read"),
        ("responses/resp_1?starting_after=7&stream=true", None, "read-stream"),
    ],
)  # fmt: skip
def test_other_endpoints(path: str, doc: Any, scenario: str) -> None:
    assert ask(service(*ALL), doc, path=f"/v1/{path}", method="GET" if doc is None else "POST").scenario == scenario


def named(text: str) -> Any:
    return {**FRANCE, "messages": [{"role": "user", "content": text}]}


@pytest.mark.parametrize(
    ("doc", "path", "words"),
    [
        (named("Capital of Italy?"), "/v1/chat/completions", 'the nearest is `plain`: text 1 is "Capital of France?" there, "Capital of Italy?" in the request'),
        ({**FRANCE, "tools": [TIME]}, "/v1/chat/completions", "`plain`: its tools are none, the request's get_time"),
        ({**FRANCE, "tools": [WEATHER], "stream": True}, "/v1/chat/completions", "`stream`: its tools are none, the request's get_weather"),
        ({**FRANCE, "tools": [TIME, WEATHER], "stream": True}, "/v1/chat/completions", "`stream` is false there, true in the request"),
        ({**FRANCE, "messages": FRANCE["messages"] * 2}, "/v1/chat/completions", "it has 1 texts, the request 2"),
        (FRANCE, "/v1/completions", "it is POST chat/completions, the request POST completions"),
        (FRANCE, "/chat/completions", "the base_url ends in /v1, and '/chat/completions' is not below it"),
        (named("a\x1b[31mb" + "c" * 100), "/v1/chat/completions", r"a\x1b[31mb"),
    ],
)  # fmt: skip
def test_what_nobody_recorded_names_the_nearest(doc: Any, path: str, words: str) -> None:
    answer = ask(service(*ALL), doc, path=path)
    error = json.loads(answer.reply.body)["error"]
    assert (answer.reply.status, answer.scenario, error["type"], error["code"]) == (
        404,
        UNMATCHED,
        "no_recording",
        "no_recording",
    )
    assert words in error["message"]


def test_nothing_recorded_at_all() -> None:
    assert b"no recording answers POST chat/completions with such a body and key" in ask(service(), FRANCE).reply.body


# -- keys ---------------------------------------------------------------------------------------


def status(at: Service, key: str | None, doc: Any = FRANCE) -> int:
    return ask(at, doc, headers=(("Authorization", key),) if key else ()).reply.status


def test_keys() -> None:
    both = service(PLAIN, BAD_KEY)
    assert [status(both, key) for key in ("Bearer sk-1", "Bearer sk-bad-0000", "Bearer", None)] == [200, 401, 200, 200]
    assert status(both, "Bearer sk-bad-0000", named("Anything.")) == 401  # a bad key is refused whatever is asked
    assert status(both, "Bearer sk-1", named("Anything.")) == 404
    keyless = service(PLAIN, BAD_KEY, recorded("no-key", FRANCE, status=401, key=None))
    assert [status(keyless, key) for key in ("Bearer sk-1", "Bearer sk-bad-0000", None)] == [200, 401, 401]
    assert ask(keyless, FRANCE, headers=()).scenario == "no-key"
    scrubbed = service(PLAIN, replace(BAD_KEY, request=replace(PLAIN.request, headers=PLAIN.request.headers)))
    assert [status(scrubbed, key) for key in ("Bearer sk-1", "Bearer sk-bad-0000", None)] == [200, 401, 200]
    open_server = service(recorded("plain", FRANCE, key=None))  # recorded from an engine that wants no key
    assert [status(open_server, key) for key in ("Bearer sk-1", None, "Bearer sk-bad-0000")] == [200, 200, 200]


# -- samples, steps, attempts -------------------------------------------------------------------


def bodies(at: Service, *docs: Any) -> list[bytes]:
    return [ask(at, doc).reply.body for doc in docs]


def test_samples_take_turns() -> None:
    samples = [recorded("plain", FRANCE, sample=n) for n in range(3)]
    wanted = [exchange.response.body for exchange in samples if exchange.response]
    assert bodies(service(*samples, STREAM), *[FRANCE] * 4) == [*wanted, wanted[0]]


def with_id(exchange: Exchange, value: str) -> Exchange:
    request = replace(exchange.request, headers=(*exchange.request.headers, ("x-request-id", value)))
    return replace(exchange, request=request)


def test_the_members_of_a_burst_get_their_own_in_any_order() -> None:
    samples = [with_id(recorded("burst", FRANCE, sample=n), f"id-{n}") for n in range(4)]
    at = service(*samples)
    wanted = [exchange.response.body for exchange in samples if exchange.response]
    asked = [ask(at, FRANCE, headers=(KEY, ("X-Request-Id", f"id-{n}"))).reply.body for n in (2, 0, 3, 1, 2)]
    assert asked == [wanted[n] for n in (2, 0, 3, 1, 2)]
    assert bodies(at, FRANCE, FRANCE) == wanted[:2], "others take turns"
    constant = service(*(with_id(recorded("plain", FRANCE, sample=n), "app") for n in range(2)))
    answers = {ask(constant, FRANCE, headers=(KEY, ("x-request-id", "app"))).reply.body for _ in range(2)}
    assert len(answers) == 2, "an id that all have is none"


def test_a_retry_in_the_recording_is_not_played() -> None:
    late = replace(PLAIN, attempt=1)
    busy = replace(recorded("plain", FRANCE, status=429), attempt=0)
    lost = Exchange(PLAIN.request, None, ending=Ending.CUT, scenario="plain", sample=1)
    at = service(busy, late, lost)
    assert [ask(at, FRANCE).reply.status for _ in range(3)] == [200, 200, 200]
    assert not ask(service(lost), FRANCE).reply.answered
    assert ask(service(replace(lost, ending=Ending.UNREACHABLE)), FRANCE).scenario == UNMATCHED


def turn(call: str, text: str) -> Any:
    calls = [{"id": call, "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}]
    reply = {"role": "assistant", "content": text, "tool_calls": calls}
    return {
        **FRANCE,
        "messages": [*FRANCE["messages"], reply, {"role": "tool", "tool_call_id": call, "content": "12.4"}],
    }


def test_a_later_step_finds_the_sample_that_it_echoes_or_any() -> None:
    steps = [recorded("trip", turn(f"call_{n}", f"text {n}"), sample=n, step=1) for n in range(3)]
    wanted = [exchange.response.body for exchange in steps if exchange.response]
    at = service(*[recorded("trip", FRANCE, sample=n) for n in range(3)], *steps)
    assert bodies(at, turn("call_2", "text 2"), turn("call_1", "text 1")) == [wanted[2], wanted[1]]
    other = ask(at, turn("call_x", "Let me see"))
    assert (other.scenario, other.step, other.reply.body in wanted) == ("trip", 1, True)
    assert ask(at, FRANCE).step == 0


def test_a_later_step_of_the_responses_api() -> None:
    def items(call: str) -> Any:
        echoed = {"type": "function_call", "id": f"fc_{call}", "call_id": call, "name": "f", "arguments": "{}"}
        return {
            "input": [
                {"role": "user", "content": "Go."},
                echoed,
                {"type": "function_call_output", "call_id": call, "output": "12.4"},
            ]
        }

    at = service(recorded("trip", items("call_a"), path="responses", step=1))
    assert ask(at, items("call_b"), path="/v1/responses").scenario == "trip"
    words = ask(at, {"input": ["Go.", "x", "12.4"]}, path="/v1/responses").reply.body
    assert b'text 2 is an earlier reply there, \\"x\\" in the request' in words


def test_cassettes_of_others_have_no_scenarios_of_their_own() -> None:
    """Plain vcrpy: the file's name is the scenario, and each different request in it a recording."""
    first, second = replace(PLAIN, scenario=""), replace(LOGPROBS, scenario="")
    at = Service({"theirs": [first, second, replace(recorded("", FRANCE), scenario="")]})
    asked = [ask(at, doc) for doc in (FRANCE, {**FRANCE, "logprobs": True, "top_logprobs": 2}, FRANCE)]
    assert [answer.scenario for answer in asked] == ["theirs"] * 3
    assert len({answer.reply.body for answer in asked}) == 3


# -- forms, odd bodies --------------------------------------------------------------------------


def form(boundary: str, *, file: bytes = b"RIFF\x00", name: str = "a.wav") -> tuple[Headers, bytes]:
    fields = [b'name="model"\r\n\r\nwhisper-1', b'name="language"\r\n\r\nen']
    fields.append(b'name="file"; filename="%b"\r\nContent-Type: audio/wav\r\n\r\n%b' % (name.encode(), file))
    mark = b"--" + boundary.encode()
    body = (
        b"".join(mark + b"\r\nContent-Disposition: form-data; " + field + b"\r\n" for field in fields)
        + mark
        + b"--\r\n"
    )
    return (("Content-Type", f"multipart/form-data; boundary={boundary}"), KEY), body


def test_boundaries_of_a_form_do_not_matter_and_its_file_does() -> None:
    headers, body = form("aaa")
    sent = Request("POST", "https://api/v1/audio/transcriptions", headers, body)
    at = service(Exchange(sent, Response(200, body=b"text"), scenario="speech"))
    for (headers, body), scenario in ((form("bbb", name="b.wav"), "speech"), (form("ccc", file=b"OTHER"), UNMATCHED)):
        assert ask(at, body, path="/v1/audio/transcriptions", headers=headers).scenario == scenario
    without = (("content-type", "multipart/form-data"), KEY)
    assert ask(at, body, path="/v1/audio/transcriptions", headers=without).scenario == UNMATCHED


@pytest.mark.parametrize(
    "body",
    [b"[" * 100_000, b"null", b"[]", b'"text"', b"\xff\xfe", b'{"messages": 5}', b'{"messages": [null, [1, 2], {"content": {"content": []}}]}',
     b'{"tools": [1, {"function": 2}, {"name": null}], "stream": [], "input": {}}'],
)  # fmt: skip
def test_hostile_bodies_find_nothing(body: bytes) -> None:
    assert ask(service(PLAIN, STREAM, ANSWERS), body).scenario in (UNMATCHED, "plain", "stream")


# -- paths, redirects ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "path", "fault", "scenario"),
    [
        ("http://h/v1/!cut-after-3/chat/completions", "/v1/chat/completions", "cut-after-3", None),
        ("http://h/!reset/v1/models?a=b", "/v1/models", "reset", None),
        ("http://h/v1/%21status-503%2A2/models", "/v1/models", "status-503*2", None),
        ("http://h/v1/@chat/!reset/models", "/v1/models", "reset", "chat"),
        ("http://h/v1/%40chat-stream/models", "/v1/models", None, "chat-stream"),
        ("http://h/v1/models", "/v1/models", None, None),
        # Cloudflare's model names, and OpenRouter's presets
        ("http://h/v1/models/@cf/meta/llama", "/v1/models/@cf/meta/llama", None, None),
        ("http://h/v1/!reset/models/%40preset/x", "/v1/models/%40preset/x", "reset", None),
        ("http://[", "http://[", None, None),
        ("http://h", "/", None, None),
    ],
)
def test_a_fault_and_a_scenario_in_the_path(url: str, path: str, fault: str | None, scenario: str | None) -> None:
    assert split_path(url) == (path, fault, scenario)


@pytest.mark.parametrize(
    ("path", "body", "scenario", "fault"),
    [
        ("@plain", FRANCE, "plain", ""),
        ("@again", FRANCE, "again", ""),  # of two with such a request, the named one
        ("@again/!status-503", FRANCE, "again", "status-503"),
        ("@again/!status-503", {"model": "m", "temperature": 0}, "invalid", ""),  # the fault is of one scenario
        ("@nobody/!status-503", FRANCE, UNMATCHED, ""),  # misspelt, the fault would be off without a word
        ("!status-503", FRANCE, "plain", "status-503"),
    ],
)
def test_a_scenario_in_the_path_is_meant_alone(path: str, body: object, scenario: str, fault: str) -> None:
    at = service(PLAIN, recorded("again", FRANCE), INVALID)
    answer = ask(at, body, path=f"/v1/{path}/{CHAT}")
    assert (answer.scenario, answer.fault) == (scenario, fault)


def test_a_recorded_redirect_leads_to_its_answer() -> None:
    at = service(replace(PLAIN, hops=(Hop(307, "https://elsewhere/v1/chat/completions/"),)))
    first = ask(at, FRANCE)
    assert (first.reply.status, first.reply.header("location")) == (307, "/v1/chat/completions/")
    assert ask(at, FRANCE, path="/v1/chat/completions/").reply.status == 200
