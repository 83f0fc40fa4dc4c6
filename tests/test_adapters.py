"""Recordings in other forms: each is told by its content, read as far as it goes, and nothing is judged that it lacks."""

from __future__ import annotations

import base64
import contextlib
import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gate.adapters import forms, json_body
from gate.adapters.source import Source
from gate.errors import CassetteError
from gate.judge.report import judge
from gate.model import Exchange, Json, Policy, Response, Severity
from gate.model.sides import Side
from gate.store.sides import load_side
from gate.wire.encoding import content

URL = "https://api.openai.com/v1/chat/completions"
ASKED = {"model": "m", "messages": [{"role": "user", "content": "Say hi"}]}
SAID = {
    "id": "c-1",
    "object": "chat.completion",
    "created": 1,
    "model": "m",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}],
}
CHUNK = {"id": "c-1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
EVENTS = [
    {**CHUNK, "object": "", "choices": []},  # Azure's filter results come first
    {**CHUNK, "choices": [{"index": 0, "delta": {"role": "assistant", "content": "Hi"}, "finish_reason": None}]},
    {**CHUNK, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
]
SSE = "".join(f"data: {json.dumps(event)}\n\n" for event in EVENTS) + "data: [DONE]\n"
PLAIN = json.dumps(SAID, separators=(",", ":"))
LINES = "\n".join(json.dumps(event) for event in EVENTS)
DELTA = '{"type":"response.output_text.delta","delta":"H\u2028i"}'
PACKED = gzip.compress(PLAIN.encode(), mtime=0)


def text(value: Json) -> str:
    return json.dumps(value, indent=2)


def har(content: Json, url: str = URL, status: Json = 200, headers: Json = (), **asked: Json) -> dict[str, Json]:
    answered = {"status": status, "statusText": "OK", "headers": list(headers), "content": content}
    sent = {"method": "POST", "url": url, "headers": [{"name": ":authority", "value": "h"}], **asked}
    return {"request": sent, "response": answered}


def log(*entries: Json) -> str:
    return text({"log": {"version": "1.2", "entries": entries}})


def nock(**more: Json) -> dict[str, Json]:
    return {
        "scope": "https://api.openai.com:443",
        "method": "POST",
        "path": "/v1/chat/completions",
        "status": 200,
        **more,
    }


def mastra(response: Json) -> dict[str, Json]:
    asked = {"url": URL, "method": "POST", "body": ASKED, "timestamp": 1}
    return {"hash": "1", "request": asked, "response": {"status": 200, "statusText": "OK", "headers": {}, **response}}


RUBY = f"""\
---
http_interactions:
- request:
    method: post
    uri: {URL}
    body: {{encoding: UTF-8, string: '{{"model":"m"}}'}}
    headers: {{Content-Type: [application/json], X-Count: 2}}
  response:
    status: {{code: 200, message: OK}}
    headers: {{}}
    body: {{encoding: ASCII-8BIT, string: '{PLAIN}'}}
  recorded_at: Fri, 06 Feb 2026 19:39:15 GMT
- request: {{method: get, uri: https://api.openai.com/v1/models, body: {{encoding: UTF-8, string: ''}}, headers: {{}}}}
  response:
    status: {{code: 200}}
    headers: {{}}
    body: {{encoding: ASCII-8BIT, base64_string: e30=}}
- request: {{method: get, uri: https://api.openai.com/v1/models, body: null}}
  response:
    status: {{code: 200, message: OK}}
    body: {{encoding: ASCII-8BIT, string: !binary e30=}}
recorded_with: VCR 6.4.0
"""
GO = f"""\
---
version: 2
interactions:
- id: 0
  request: {{body: '{{"model":"m"}}', headers: {{Accept: [application/json]}}, url: {URL}, method: POST}}
  response: {{body: '{PLAIN}', headers: {{}}, status: 200 OK, code: 200, duration: 1.1s}}
"""
MOCKS = f"""\
when: {{path: /openai/v1/chat/completions, method: POST, header: [{{name: accept, value: a}}], body: '{{}}'}}
then: {{status: 200, header: [], body: '{PLAIN}'}}
---
when: {{path: /v1/models}}
then: {{status: 401, body: '{{"error":{{}}}}'}}
"""
LANGCHAIN = f"""\
requests:
- {{body: '{{"model":"m"}}', headers: {{}}, method: POST, uri: {URL}}}
responses:
- {{body: {{string: '{PLAIN}'}}, headers: {{}}, status: {{code: 200, message: OK}}}}
"""
PAIR = {"request": ASKED, "response": SAID}
ANSWER = {"status": 200, "body": SAID}
REQ_LLM = {
    "request": {"method": "post", "url": URL, "headers": {"host": ["h"]}, "body": {"b64": "e30="}},
    "response": {**ANSWER, "headers": {"content-type": ["application/json"], "content-length": "9"}},
}
BATCH = {"id": "b", "custom_id": "1", "error": None, "response": {"status_code": 429, "request_id": "r", "body": SAID}}
BASE64 = {"encoding": "base64", "size": 9}
GZIP = [{"name": "content-encoding", "value": "gzip"}, {"name": "Content-Length", "value": "7"}]
POLLY = {**BASE64, "text": json.dumps([base64.b64encode(part).decode() for part in (PACKED[:9], PACKED[9:])])}
INVALID = "https://recorded.invalid/v1"
NAMELESS = 'data: {"greeting": "Hi"}\n\n'

# (what it is, the file, its form, [(method, url, status, body, what is absent)])
Seen = tuple[str, str, int, str, str]
READ: list[tuple[str, str | bytes, str, list[Seen]]] = [
    ("SSE", SSE, "a bare SSE body", [("POST", f"{INVALID}/chat/completions", 200, SSE, "request status headers end times")]),
    ("SSE of nobody", NAMELESS, "a bare SSE body", [("POST", f"{INVALID}/", 200, NAMELESS, "request status headers end times")]),
    (
        "chunks.txt",
        LINES,
        "a list of a stream's events, one a line",
        [("POST", f"{INVALID}/chat/completions", 200, SSE.removesuffix("data: [DONE]\n"), "request status headers framing end times")],
    ),
    (
        "chunks.txt of the Responses API",
        f'{DELTA}\n\n{{"type":"error"}}\n',  # a line separator of Unicode is no end of a line
        "a list of a stream's events, one a line",
        [("POST", f"{INVALID}/responses", 200, f'data: {DELTA}\n\ndata: {{"type":"error"}}\n\n', "request status headers framing end times")],
    ),
    ("JSON", PLAIN, "a bare JSON body", [("POST", f"{INVALID}/chat/completions", 200, PLAIN, "request status headers times")]),
    (
        "models",
        '{"object":"list","data":[{"object":"model"}]}',
        "a bare JSON body",
        [("GET", f"{INVALID}/models", 200, '{"object":"list","data":[{"object":"model"}]}', "request status headers times")],
    ),
    (
        "JSON Lines of bodies",
        f"{json.dumps(PAIR)}\n\n{json.dumps(PAIR)}\n",
        "requests and answers as JSON Lines",
        [("POST", f"{INVALID}/chat/completions", 200, PLAIN, "status headers bytes times")] * 2,
    ),
    (
        "JSON Lines of messages",
        json.dumps({"request": {"method": "POST", "path": "/v1/x", "body": "a"}, "response": {"status": 500, "body": "oops"}}),
        "requests and answers as JSON Lines",
        [("POST", "https://recorded.invalid/v1/x", 500, "oops", "headers bytes times")],
    ),
    ("req_llm", text(REQ_LLM), "requests and answers as JSON Lines", [("POST", URL, 200, PLAIN, "bytes times")]),
    (
        "a batch",
        f"{json.dumps(BATCH)}\n{json.dumps(BATCH)}",
        "the output of an OpenAI batch",
        [("POST", f"{INVALID}/chat/completions", 429, PLAIN, "request headers bytes times")] * 2,
    ),
    ("one of a batch", text(BATCH), "the output of an OpenAI batch", [("POST", f"{INVALID}/chat/completions", 429, PLAIN, "request headers bytes times")]),
    (
        "HAR of a browser",
        log(
            har({"text": "<html>"}, url="https://app.example.com/"),
            har({"text": ""}, method="OPTIONS"),
            har({"text": "", "size": -1}, status=0),
            har({"text": PLAIN}, postData={"mimeType": "a", "text": '{"model":"m"}'}),
        ),
        "a HAR file",
        [("POST", URL, 200, PLAIN, "times")],
    ),
    ("HAR without a call", log(har({}, url="https://h/x")), "a HAR file", [("POST", "https://h/x", 200, "", "request times")]),
    ("HAR, encoding undone", log(har({"text": PLAIN}, headers=GZIP)), "a HAR file", [("POST", URL, 200, PLAIN, "request times")]),
    ("HAR of Polly.js", log(har(POLLY, headers=GZIP)), "a HAR file", [("POST", URL, 200, PLAIN, "request times")]),
    ("HAR, base64", log(har({**BASE64, "text": "e30="})), "a HAR file", [("POST", URL, 200, "{}", "request times")]),
    (
        "nock",
        text([nock(body=ASKED, response=SAID, rawHeaders=["Content-Type", "application/json"])]),
        "a recording of nock",
        [("POST", "https://api.openai.com:443/v1/chat/completions", 200, PLAIN, "bytes times")],
    ),
    (
        "nock, compressed",
        text([nock(body=ASKED, response=[PACKED[:9].hex(), PACKED[9:].hex()], rawHeaders={"Content-Encoding": "gzip"})]),
        "a recording of nock",
        [("POST", "https://api.openai.com:443/v1/chat/completions", 200, PLAIN, "times")],
    ),
    (
        "nock, binary and without headers",
        text([nock(response="7b7d", responseIsBinary=True), nock(response=[1])]),
        "a recording of nock",
        [
            ("POST", "https://api.openai.com:443/v1/chat/completions", 200, "{}", "request headers times"),
            ("POST", "https://api.openai.com:443/v1/chat/completions", 200, "[1]", "request headers bytes times"),
        ],
    ),
    ("Mastra", text([mastra({"body": SAID, "isStreaming": False})]), "a recording of Mastra", [("POST", URL, 200, PLAIN, "bytes times")]),
    (
        "Mastra, streamed",
        text({"meta": {}, "recordings": [mastra({"chunks": [SSE[:50], SSE[50:]], "chunkTimings": [0, 9], "isStreaming": True})]}),
        "a recording of Mastra",
        [("POST", URL, 200, SSE, "times")],
    ),
    (
        "Ruby",
        RUBY,
        "a cassette of Ruby's VCR",
        [("POST", URL, 200, PLAIN, "times"), *[("GET", "https://api.openai.com/v1/models", 200, "{}", "times")] * 2],
    ),
    ("Go", GO, "a cassette of go-vcr", [("POST", URL, 200, PLAIN, "times")]),
    ("Go, version 1", GO.replace("version: 2", "version: 1"), "a cassette of go-vcr", [("POST", URL, 200, PLAIN, "times")]),
    (
        "httpmock",
        MOCKS,
        "a recording of httpmock",
        [
            ("POST", "https://recorded.invalid/openai/v1/chat/completions", 200, PLAIN, "headers times"),
            ("GET", "https://recorded.invalid/v1/models", 401, '{"error":{}}', "headers times"),
        ],
    ),
    ("LangChain", gzip.compress(LANGCHAIN.encode(), mtime=0), "a cassette of LangChain's standard tests", [("POST", URL, 200, PLAIN, "times")]),
    ("LangChain, unpacked", LANGCHAIN, "a cassette of LangChain's standard tests", [("POST", URL, 200, PLAIN, "times")]),
]  # fmt: skip


def source(file: str | bytes, name: str = "f") -> Source:
    return Source(name, file if isinstance(file, bytes) else file.encode())


def read(file: str | bytes) -> tuple[Exchange, ...]:
    one = source(file)
    form = forms.form_of(one)
    if form is None:
        raise forms.unknown(one)
    return forms.read(one, form)


def answered(exchange: Exchange) -> Response:
    assert exchange.response is not None
    return exchange.response


@pytest.mark.parametrize(("file", "form", "seen"), [row[1:] for row in READ], ids=[row[0] for row in READ])
def test_each_form_is_read_as_far_as_it_goes(file: str | bytes, form: str, seen: list[Seen]) -> None:
    found = forms.form_of(source(file))
    assert (found.name if found else "none") == form
    assert seen == [
        (e.request.method, e.request.url, answered(e).status, content(answered(e)).decode(), " ".join(e.absent))
        for e in read(file)
    ]


def test_headers_and_bodies_of_requests() -> None:
    ruby, har_ = read(RUBY)[0], read(log(har({"text": PLAIN}, headers=GZIP, postData={"text": "{}"})))[0]
    assert ruby.request.headers == (("Content-Type", "application/json"), ("X-Count", "2"))
    assert (ruby.request.body, har_.request.body, har_.request.headers) == (b'{"model":"m"}', b"{}", ())
    # What named the bytes before they were unpacked would make a false one of them.
    assert answered(har_).headers == ()
    assert answered(read(text(REQ_LLM))[0]).headers == (("content-type", "application/json"),)
    assert read(text(REQ_LLM))[0].request.body == b"{}"


def test_places_are_lines_of_the_file() -> None:
    assert [exchange.location.line for exchange in read(RUBY)] == [3, 13, 18]
    assert [exchange.location.line for exchange in read(MOCKS)] == [1, 4]
    assert [exchange.location.line for exchange in read(f"{json.dumps(PAIR)}\n\n{json.dumps(PAIR)}")] == [1, 3]


# (what is wrong, the file, the error)
REFUSED: list[tuple[str, str | bytes, str]] = [
    ("nothing known", "a: 1\n", "f: no known form of a recording; tried: a bare SSE body, a list of"),
    ("YAML with data", "data: [1, 2]\n", "no known form"),
    ("empty", "", "no known form"),
    ("binary", b"\x00\xff\xfe", "no known form"),
    ("JSON of nobody", '{"hello": "world"}', "no known form"),
    ("one event of a type", '{"type": "ping"}', "no known form"),
    ("cut JSON", '{"log": {"entries": [\n{"requ', "f:2: not valid JSON: "),
    ("twice the key", '{"log": 1, "log": 2}', "f: duplicate key `log`"),
    ("deep JSON", "[" * 3000, "f: n"),
    ("deep YAML", "a: " + "[" * 3000, "no known form"),
    ("deep body", '{"object":' + "[" * 90_000 + "]" * 90_000 + "}", "f: nested"),
    ("an error alone", f'{json.dumps(PAIR)}\n{{"request": {{}}, "response": {{"error": {{"code": 1}}}}}}', "f:2: an error's body without"),
    ("a line that is no JSON", f"{json.dumps(PAIR)}\n{{", "f:2: not valid JSON"),
    ("a line of another form", f"{json.dumps(PAIR)}\n[]", "f:2: the file must be a mapping, not a list"),
    ("a line of a batch", f"{json.dumps(BATCH)}\n{{", "f:2: not valid JSON"),
    ("an unanswered one of a batch", f'{json.dumps(BATCH)}\n{{"response": null}}', "f:2: `response` must be a mapping, not null"),
    ("base64 of req_llm", text({**REQ_LLM, "request": {"method": "post", "url": "u", "body": {"b64": "?"}}}), "f:5: this is not base64"),
    ("HAR without content", log(har({"size": 7})), "f:20: the body of this answer is not in the HAR"),
    ("HAR, bad base64", log(har({**BASE64, "text": "[1]"})), "this is not base64"),
    ("HAR, worse base64", log(har({**BASE64, "text": "[1"})), "this is not base64"),
    ("HAR, status a text", log(har({}, status="200")), "f:17: `log.entries[0].response.status` must be a number, not a text"),
    ("HAR, status true", log(har({}, status=True)), "`status` must be a number from 100 to 999"),
    ("HAR, status 7", log(har({}, status=7)), "`status` must be a number from 100 to 999"),
    ("HAR, entries of texts", log("a"), "f:5: `log.entries[0]` must be a mapping, not a text"),
    ("HAR, headers of numbers", log(har({}, headers=[1])), "`log.entries[0].response.headers[0]` must be a mapping, not a number"),
    ("HAR, all unanswered", log(har({}, status=0)), "f: there is no answer in it"),
    ("nock, path by regex", text([nock(response="", path={"regex": "x"})]), "`[0].path` must be a text, not a mapping"),
    ("nock, bad hex", text([nock(response="zz", responseIsBinary=True)]), "this is not hex"),
    ("nock, header a list", text([nock(response="", rawHeaders={"a": [True]})]), "`[0].rawHeaders.a[0]` must be a text, not a boolean"),
    ("nock, an entry of null", "[" + json.dumps(nock(response="")) + ",null]", "must be a mapping, not null"),
    ("Mastra, chunks of numbers", text([mastra({"chunks": [1], "isStreaming": True})]), "`[0].response.chunks[0]` must be a text"),
    ("Ruby, body", RUBY.replace("base64_string: e30=", "base64_string: '?'"), "f:17: this is not base64"),
    ("Ruby, status", RUBY.replace("{code: 200}", "[200]"), "f:15: `http_interactions[1].response.status` must be a mapping"),
    ("Go, code", GO.replace("code: 200", "code: ok"), "f:6: `interactions[0].response.code` must be a number"),
    ("httpmock, second", MOCKS.replace("status: 401", "status: !x 401"), "f:5: the tag `!x` is not accepted"),
    ("LangChain, one short", LANGCHAIN.partition("- {body: {")[0].replace("responses:", "responses: []"), "1 requests, but 0 responses"),
    ("httpmock, second cut", MOCKS.replace("then: {status: 401", "then: {{status: 401"), "f:5: "),
    ("a bomb", gzip.compress(b"requests: [" + b"[" * 10_000_000, mtime=0), "no known form"),
    ("aimock", text({"fixtures": [{"match": {"userMessage": "hi"}, "response": {"content": "Hi"}}]}), "f:1: fixtures of aimock can't be"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "error"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_can_not_be_read_is_told_with_its_place(file: str | bytes, error: str) -> None:
    with pytest.raises(CassetteError) as caught:
        read(file)
    assert error in str(caught.value)


# -- what is not in a recording is not judged -----------------------------------------------------


def _bare(exchange: Exchange, answer: str) -> str:
    return answer


def _events(exchange: Exchange, answer: str) -> str:
    data = (line.removeprefix("data:").strip() for line in answer.splitlines() if line.startswith("data:"))
    return "\n".join(event for event in data if event != "[DONE]")


def _har(exchange: Exchange, answer: str) -> str:
    headers = [{"name": name, "value": value} for name, value in answered(exchange).headers]
    posted = {"text": (exchange.request.body or b"").decode()}
    return log(har({"text": answer}, exchange.request.url, answered(exchange).status, headers, postData=posted))


def _flywheel(exchange: Exchange, answer: str) -> str:
    return json.dumps({"request": json.loads(exchange.request.body or b"{}"), "response": json.loads(answer)})


def _mastra(exchange: Exchange, answer: str) -> str:
    body: dict[str, Any] = (
        {"chunks": [answer]} if answer.startswith(("data", "event")) else {"body": json.loads(answer)}
    )
    response = {**body, "isStreaming": "chunks" in body, "headers": dict(answered(exchange).headers)}
    return text(
        [
            {
                **mastra(response),
                "request": {
                    "url": exchange.request.url,
                    "method": "POST",
                    "body": json.loads(exchange.request.body or b"{}"),
                },
            }
        ]
    )


WRITERS: list[Callable[[Exchange, str], str]] = [_bare, _events, _har, _flywheel, _mastra]
SCENARIOS = ("chat", "chat-stream-usage", "responses-stream", "tool-forced-stream", "embed", "json-schema")


@pytest.mark.untraced
@pytest.mark.parametrize("write", WRITERS)
def test_a_golden_in_any_form_equals_itself(write: Callable[[Exchange, str], str]) -> None:
    goldens = load_side(Path("golden")).exchanges
    compared = 0
    for scenario in SCENARIOS:
        golden = replace(goldens[scenario][0], scenario="")
        answer = content(answered(golden)).decode()
        if (write is _events and "stream" not in scenario) or (write is _flywheel and "stream" in scenario):
            continue
        (imported,) = read(write(golden, answer))
        for one, other in ((golden, imported), (imported, golden)):
            report = judge(Side({scenario: (one,)}), Side({scenario: (other,)}), Policy(), date(2026, 11, 29))
            assert [finding.message for finding in report.findings if finding.severity > Severity.INFO] == []
            assert report.verdict == "pass"
            compared += 1
    assert compared >= 6


def test_a_byte_order_mark_is_no_obstacle() -> None:
    assert forms.form_of(source("\ufeff" + PLAIN)) is json_body.FORM


def test_documents_may_start_with_their_mark() -> None:
    assert len(read(f"---\n{MOCKS}")) == 2


def test_places_in_large_files_are_the_first_line() -> None:
    large = text([nock(response="a" * 5_000_000), nock(response="", status="x")])
    with pytest.raises(CassetteError, match=r"f:1: `.1..status` must be a number"):
        read(large)


def test_a_status_that_nobody_wrote_down_is_a_success_and_no_more() -> None:
    golden = read(PLAIN)[0]
    for status, verdict in ((200, "pass"), (201, "pass"), (404, "drift")):
        other = replace(
            golden, response=Response(status, "", answered(golden).headers, PLAIN.encode()), absent=("times",)
        )
        report = judge(Side({"s": (golden,)}), Side({"s": (other,)}), Policy(), date(2026, 11, 29))
        assert (status, report.verdict) == (status, verdict)


def test_a_drift_in_an_imported_recording_is_found() -> None:
    golden, candidate = read(PLAIN)[0], read(PLAIN.replace('"index":0', '"index":"0"'))[0]
    failing = replace(candidate, response=Response(503, "", (), b"busy"), absent=())
    for other, rule in ((candidate, "field-type-changed"), (failing, "success-lost")):
        report = judge(Side({"s": (golden,)}), Side({"s": (other,)}), Policy(), date(2026, 11, 29))
        assert rule in {finding.rule for finding in report.findings}
        assert report.verdict == "drift"


WRONG: tuple[Json, ...] = (None, True, "x", [None])


def _damaged(value: Json) -> list[Json]:
    """The value with each of its parts replaced, one at a time, by a value of another type."""
    found: list[Json] = list(WRONG)
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inside:
        for wrong in _damaged(part):
            copy = dict(value) if isinstance(value, dict) else list(value)
            copy[key] = wrong
            found.append(copy)
    return found


@pytest.mark.untraced
@pytest.mark.parametrize("file", [row[1] for row in READ if row[2] != "a bare SSE body"])
def test_values_of_wrong_types_are_errors_and_no_tracebacks(file: str | bytes) -> None:
    document = source(file).document
    for damaged in _damaged(document) if isinstance(document, dict | list) else ():
        raw = json.dumps(damaged, default=repr)
        with contextlib.suppress(CassetteError):
            read(raw)
