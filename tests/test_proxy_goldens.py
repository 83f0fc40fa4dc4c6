"""From recorded exchanges to names, scenarios and files: what a request is called, and that its file sends it again."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.errors import CassetteError
from gate.model import Chunk, Ending, Exchange, Headers, Json, Request, Response, Route
from gate.proxy import keeper as keeping
from gate.proxy.keeper import MAX_SAMPLES, Keeper, Place
from gate.proxy.naming import asked, group_of, name_of
from gate.proxy.scenarios import UnsendableError, written
from gate.redact.scrub import Scrubber
from gate.run import templates
from gate.store import cassette, journal
from gate.suite import load_suite
from gate.wire import form
from tests.test_cli import gate

BASE = "https://api.test/v1"
KEY = "kw7-not-of-any-vendor-pattern"  # made up; opaque, as keys of gateways are
HEADERS: Headers = (
    ("Host", "api.test"),
    ("Authorization", f"Bearer {KEY}"),
    ("Content-Type", "application/json"),
    ("X-Stainless-Lang", "js"),
    ("x-stainless-retry-count", "0"),
    ("Idempotency-Key", "k-1"),
    ("traceparent", "00-1-2-01"),
    ("OpenAI-Organization", "org-1"),
    ("Cookie", "session=1"),
    ("Content-Length", "99"),
)
CHAT = {"model": "m-1", "messages": [{"role": "user", "content": "My name is Anna, where is order 1041?"}]}
FIND = {"type": "function", "function": {"name": "findOrder", "parameters": {"type": "object"}}}
ANSWER = {
    "id": "c",
    "object": "chat.completion",
    "created": 1,
    "model": "m-1-2026",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "shipped"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
}


def request(doc: Any, path: str = "/chat/completions", method: str = "POST", headers: Headers = HEADERS) -> Request:
    body = doc if isinstance(doc, bytes | None) else json.dumps(doc, ensure_ascii=False, separators=(",", ":")).encode()
    return Request(method, BASE + path, headers, body)


def exchange(
    doc: Any = CHAT, answer: Any = ANSWER, status: int = 200, path: str = "/chat/completions", **more: Any
) -> Exchange:
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    headers = (("content-type", "application/json"),)
    chunks = (Chunk(5.0, len(body)),) if body else ()
    return Exchange(
        request(doc, path), Response(status, "", headers, body), chunks, total_ms=5.0, first_byte_ms=4.0, **more
    )


def with_(doc: dict[str, Any], **more: Json) -> dict[str, Json]:
    return {**doc, **more}


# -- names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked_for", "name", "group"),
    [
        (request(CHAT), "chat", "text"),
        (request(with_(CHAT, stream=True)), "chat-stream", "stream"),
        (request(with_(CHAT, stream=True, tools=[FIND])), "chat-find-order-stream", "tools"),
        (request(with_(CHAT, tools=[FIND, {"type": "web_search"}])), "chat-tools", "tools"),
        (request(with_(CHAT, tools=[{"type": "function", "function": {"name": "sk9f8a7d6e5c4b3a2"}}])), "chat", "tools"),
        (request(with_(CHAT, response_format={"type": "json_schema", "json_schema": {"name": "Order_v2"}})), "chat-order-v2", "structured"),
        (request(with_(CHAT, response_format={"type": "json_object"})), "chat-json", "structured"),
        (request({"model": "m", "input": "a", "text": {"format": {"type": "json_schema", "name": "Person"}}}, "/responses"), "responses-person", "structured"),
        (request({"model": "e", "input": ["a", "b"]}, "/embeddings"), "embed", "embeddings"),
        (request(None, "/models", "GET"), "models", "text"),
        (request({"query": "q"}, "/rerank"), "rerank", "text"),
        (request({"query": "q"}, "/"), "root", "text"),
        (request(b"no json", "/audio/transcriptions"), "transcribe", "text"),
    ],
)  # fmt: skip
def test_names_are_made_of_what_a_developer_wrote(asked_for: Request, name: str, group: str) -> None:
    whole = name_of(asked_for, BASE)
    assert whole.rpartition("-")[0] == name
    assert not {"anna", "order-1041", "1041"} & set(whole.split("-")[:-1])
    assert group_of(asked_for, asked(asked_for, BASE), 200) == group
    assert group_of(asked_for, asked(asked_for, BASE), 404) == "errors"


ECHO = {
    "role": "assistant",
    "content": None,
    "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}],
}
SAME = [
    ("the order of keys", CHAT, dict(reversed(CHAT.items()))),
    ("ids of an earlier reply", with_(CHAT, messages=[ECHO, {"role": "tool", "tool_call_id": "call_1", "content": "x"}]),
     with_(CHAT, messages=[{"role": "assistant", "content": "hm"}, {"role": "tool", "tool_call_id": "call_2", "content": "x"}])),
]  # fmt: skip
OTHER = [
    ("another text", CHAT, with_(CHAT, messages=[])),
    ("another model", CHAT, with_(CHAT, model="m-2")),
    ("a stream", CHAT, with_(CHAT, stream=True)),
    ("a parameter", CHAT, with_(CHAT, temperature=0)),
]


@pytest.mark.parametrize(("one", "other"), [row[1:] for row in SAME], ids=[row[0] for row in SAME])
def test_the_same_request_has_the_same_name(one: Json, other: Json) -> None:
    later = replace(request(other), headers=(("authorization", "Bearer another"),))
    assert name_of(request(one), BASE) == name_of(later, BASE)


@pytest.mark.parametrize(("one", "other"), [row[1:] for row in OTHER], ids=[row[0] for row in OTHER])
def test_another_request_has_another(one: Json, other: Json) -> None:
    assert name_of(request(one), BASE) != name_of(request(other), BASE)


# -- scenarios ----------------------------------------------------------------------------------

MODELS = {"chat": "m-1", "embedding": "m-1", "big": "m-2"}


def sent(one: Exchange, models: dict[str, str]) -> bytes | None:
    step = written(one, BASE, MODELS).scenario.steps[0]
    return templates.content(step, Route("r", BASE, models=models), {}, lambda _: None, lambda _: None)


@pytest.mark.parametrize(
    ("body", "form", "role"),
    [
        (b'{"model":"m-1","messages":[]}', "body", "chat"),
        (b'{"messages":[],"model":"m-1","stream":true}', "body", "chat"),  # the order of openai-node
        (b'{"messages":[],"model":"m-2"}', "body", "big"),
        (b'{"messages":[],"model":"m-3"}', "body", None),
        (b'{"messages": [], "model": "m-1"}', "raw", "chat"),  # spaces, as json.dumps has them
        (b'{"model":"m-1","temperature":0.70}', "raw", "chat"),
        (b'{"model":"m-1","temperature":1e-5,"n":1.0}', "raw", "chat"),
        (b'{"model":"m-1","a":"\\u00fc"}', "raw", "chat"),
        ('{"model":"m-1","a":"ü \u2028 \U0001f600 \x7f"}'.encode(), "body", "chat"),
        (b'{"model":"m-1","a":"\\ud83d"}', "raw", "chat"),  # half of a pair
        (b'{"model":"m-1","a":{"$reply":0}}', "raw", "chat"),  # what looks like a placeholder is none
        (b'{"model":{"$model":"chat"}}', "raw", None),
        (b'{"model":"m-1","model":"m-1"}', "raw", "chat"),  # the last one counts
        (b'{"a":{"model":"m-1"},"messages":[{"content":"\\"model\\": \\"m-1\\""}],"model":"m-1"}', "body", "chat"),
        (b'{"a": {"model":"m-1"},"b":"\\"model\\": \\"m-1\\"","model":"m-1"}', "raw", "chat"),
        (b"[1,2]", "raw", None),
        (b'{"messages": [', "raw", None),
        (b"--b\r\ncontent-disposition: form-data; name=model\r\n\r\nwhisper-1\r\n--b--\r\n", "raw", None),
    ],
)
def test_a_scenario_sends_the_bytes_again(body: bytes, form: str, role: str | None) -> None:
    one = exchange(body)
    step = written(one, BASE, MODELS).scenario.steps[0]
    assert ("raw" if step.raw is not None else "body", step.model) == (form, role)
    assert sent(one, MODELS) == body
    if role:  # and on another route only the model is another
        other = sent(one, {**MODELS, role: "m-9"}) or b""
        assert other in {
            body[: at.start()] + b"m-9" + body[at.end() :] for at in re.finditer(MODELS[role].encode(), body)
        }
        assert json.loads(other)["model"] == "m-9"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@pytest.mark.untraced
@settings(max_examples=25)
@given(JSON, st.booleans(), st.booleans())
def test_whatever_the_json_is(doc: Json, compact: bool, ascii_: bool) -> None:
    separators = (",", ":") if compact else (", ", ": ")
    body = json.dumps({"x": doc, "model": "m-1"}, ensure_ascii=ascii_, separators=separators).encode(
        "utf-8", "surrogatepass"
    )
    if "\ud800" <= max(body.decode("utf-8", "surrogatepass"), default="") <= "\udfff":
        return  # no UTF-8
    assert sent(exchange(body), MODELS) == body


def test_the_file_as_it_is_written(tmp_path: Path) -> None:
    made = written(exchange(with_(CHAT, stream=True), path="/chat/completions?api-version=2026-01"), BASE, MODELS)
    name = made.scenario.id
    assert (
        made.text
        == f"""\
id: {name}
about: "recorded by gate proxy: chat.completions, streamed"
group: stream
steps:
- endpoint: chat.completions
  path: "/chat/completions?api-version=2026-01"
  headers:
    content-type: application/json
    x-stainless-lang: js
  body:
    model:
      "$model": chat
    messages:
    - role: user
      content: "My name is Anna, where is order 1041?"
    stream: true
"""
    )
    (tmp_path / f"{name}.yaml").write_text(made.text)
    (read,) = load_suite([f"{name}.yaml"], tmp_path)
    assert replace(read, source="") == made.scenario


@pytest.mark.parametrize(
    ("one", "entry"),
    [
        (exchange(CHAT, {"error": {}}, 400), {"expect": {"status": 400}}),
        (exchange({"query": "q"}, path="/rerank"), {"endpoint": "unknown", "path": "/rerank"}),
        (replace(exchange(None, path="/models"), request=request(None, "/models", "GET")), {"endpoint": "models"}),
        (replace(exchange(None), request=request(None, "/extra", "GET")), {"endpoint": "unknown", "path": "/extra", "method": "GET"}),
        (replace(exchange(), request=request(CHAT, headers=(("authorization", "Bearer sk-bad-0000"),)),
                 response=Response(401, "", (), b"{}")), {"key": "bad", "expect": {"status": 401}}),
        (replace(exchange(), request=request(CHAT, headers=()), response=Response(401, "", (), b"{}")), {"key": "none", "expect": {"status": 401}}),
        (replace(exchange(), request=request(CHAT, headers=())), {}),
        (exchange(CHAT, path="/chat/completions?key=********"), {}),
    ],
)  # fmt: skip
def test_what_a_step_says_besides(one: Exchange, entry: dict[str, Json]) -> None:
    from gate.store import yaml_file

    made: Any = yaml_file.parse(written(one, BASE, MODELS).text, "s").value
    rest = {key: value for key, value in made["steps"][0].items() if key not in ("headers", "body")}
    assert rest == {"endpoint": "chat.completions", **entry}


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (request(b"\xff\xfe"), "its body is no text"),
        (request({"input": "x" * 2**20}), "its body is larger than a scenario may be"),  # pictures, as base64
        (request(None), "it has no body"),
        (
            request({"input": "a", "previous_response_id": "resp_1"}, "/responses"),
            "it names what only its own route holds",
        ),
        (
            request({"messages": [{"content": [{"type": "file", "file": {"file_id": "file-1"}}]}]}),
            "only its own route holds",
        ),
        (request(None, "/responses/resp_1", "GET"), "its path names something that only its own route holds"),
        (request(None, "/files/f", "DELETE"), "a DELETE changes what its route holds"),
        (request(CHAT, "/a+b"), "its path has characters"),
        (request(CHAT, "/rerank?q=é"), "its path has characters"),
        (Request("GET", "https://api.test/health", (), None), "it is not below the base_url"),
    ],
)
def test_what_no_scenario_can_send_again(one: Request, why: str) -> None:
    with pytest.raises(UnsendableError, match=why):
        written(replace(exchange(), request=one), BASE, MODELS)


def test_a_form_with_a_file_is_a_scenario_with_that_file() -> None:
    fields = [("model", "", b"m-2"), ("file", "a.wav", b"RI\xff"), ("include[]", "", b"logprobs")]
    mark = form.CONTENT_TYPE.partition("=")[2].encode()
    theirs = form.written(fields).replace(mark, b"theirs")
    headers = (("content-type", "multipart/form-data; boundary=theirs"), ("x-a", "b"))
    one = replace(exchange(), request=request(theirs, "/audio/transcriptions", headers=headers))
    made = written(one, BASE, MODELS)
    step = made.scenario.steps[0]
    assert (step.endpoint, step.model, dict(step.headers)) == ("audio.transcriptions", "big", {"x-a": "b"})
    assert step.body == {
        "model": {"$model": "big"},
        "file": {"$file": {"name": "a.wav", "base64": "Ukn/"}},
        "include": ["logprobs"],
    }
    # the same request between other boundaries is another sample
    again = replace(
        one,
        request=request(
            form.written(fields), "/audio/transcriptions", headers=(("content-type", form.CONTENT_TYPE), ("x-a", "b"))
        ),
    )
    assert written(again, BASE, MODELS).scenario.id == made.scenario.id


# -- the keeper ---------------------------------------------------------------------------------


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "golden", tmp_path / "suite", tmp_path / "apart", BASE, {}, {"route": "baseline"})


def keep(place: Place, *exchanges: Exchange) -> tuple[keeping.Summary, list[str]]:
    words: list[str] = []
    keeper = Keeper(place, Scrubber(), words.append)
    for one in exchanges:
        keeper.add(one)
    return keeper.close(), words


def stored(folder: Path) -> dict[str, tuple[Exchange, ...]]:
    return (
        {name: cassette.load(path).exchanges for name, path in cassette.scan(folder).items()} if folder.is_dir() else {}
    )


def test_equal_requests_are_samples_of_one_scenario(place: Place, tmp_path: Path) -> None:
    later = with_(ANSWER, id="d")
    summary, words = keep(place, exchange(), exchange(CHAT, later), exchange(with_(CHAT, n=1)))
    golden = stored(place.golden)
    assert sorted(len(every) for every in golden.values()) == [1, 2]
    assert (summary.calls, summary.goldens, summary.apart, summary.lost, words) == (3, sorted(golden), {}, 0, [])
    assert {path.stem for path in place.suite.iterdir()} == set(golden)
    (tmp_path / "gate.yaml").write_text(
        f"version: 1\ngolden: {place.golden}\nsuite: [suite]\nroutes: {{baseline: {{base_url: 'http://h/v1'}}}}\n"
    )
    assert gate("verify", "--config", str(tmp_path / "gate.yaml")).exit_code == 0
    facts = cassette.load(next(iter(cassette.scan(place.golden).values()))).facts
    assert facts["models"] == {"asked": {"model": "m-1"}, "answered": ["m-1-2026"]}


@pytest.mark.parametrize(
    ("one", "why", "of_route"),
    [
        (exchange(ending=Ending.CUT, detail="the connection was closed"), "the connection was closed", True),
        (exchange(ending=Ending.CANCELLED, detail="the client left"), "the client left", False),
        (exchange(ending=Ending.RESET), "it ended reset", True),
        (exchange(ending=Ending.TOO_LARGE), "it ended too-large", False),
        (replace(exchange(), response=None, chunks=(), ending=Ending.UNREACHABLE), "it ended unreachable", True),
        (exchange(CHAT, {"error": {}}, 429), "the route answered 429", True),
        (exchange(CHAT, b"<html>", 502), "the route answered 502", True),
        (exchange(CHAT, {"error": {}}, 401), "the route answered 401", False),
        (exchange(CHAT, b"", 307), "the route answered 307", False),
        (exchange(CHAT, {"error": {"message": "rate limit"}}), "answered 200 with an error", True),  # ER06
        (
            exchange({"input": "a", "previous_response_id": "resp_1"}, path="/responses"),
            "no scenario can send it again",
            False,
        ),
    ],
)
def test_what_is_no_golden_is_kept_apart(place: Place, one: Exchange, why: str, of_route: bool) -> None:
    summary, _ = keep(place, one)
    ((name, said),) = summary.apart.items()
    assert why in said
    assert (stored(place.golden), place.suite.exists(), list(stored(place.apart))) == ({}, False, [name])
    assert summary.route_failed is of_route


@pytest.mark.parametrize("status", [400, 404, 422])
def test_an_error_that_answers_the_request_is_a_golden(place: Place, status: int) -> None:
    error = {"error": {"message": "no", "type": "invalid_request_error", "param": None, "code": None}}
    summary, _ = keep(place, exchange(CHAT, error, status))
    assert (len(summary.goldens), summary.apart) == (1, {})
    assert "group: errors" in (place.suite / f"{summary.goldens[0]}.yaml").read_text()


def test_a_failure_that_was_retried_with_success_is_nobodys_fault(place: Place) -> None:
    summary, _ = keep(place, exchange(CHAT, {"error": {}}, 503), exchange())
    assert (len(summary.goldens), list(summary.apart.values()), summary.route_failed) == (
        1,
        ["the route answered 503"],
        False,
    )


def test_goldens_stay_unless_all_are_wanted(place: Place) -> None:
    keep(place, exchange())
    (before,) = stored(place.golden).values()
    summary, _ = keep(place, exchange(CHAT, with_(ANSWER, id="later")), exchange())
    assert (summary.goldens, len(summary.there)) == ([], 1)
    assert stored(place.golden) == {summary.there[0]: before}
    summary, _ = keep(replace(place, again=True), exchange(CHAT, with_(ANSWER, id="later")))
    (after,) = stored(place.golden).values()
    assert b"later" in (after[0].response.body if after[0].response else b"")


def test_a_golden_without_its_scenario_gets_it_back(place: Place) -> None:
    """A kill between the two writes; or somebody deleted the file."""
    (name,) = keep(place, exchange())[0].goldens
    (place.suite / f"{name}.yaml").unlink()
    summary, _ = keep(place, exchange())
    assert (summary.there, (place.suite / f"{name}.yaml").is_file()) == ([name], True)
    (place.suite / f"{name}.yaml").unlink()
    other = replace(exchange(), request=request(CHAT, headers=(*HEADERS, ("x-stainless-os", "Linux"))))
    summary, _ = keep(place, other)  # the same name, and not what the golden was recorded with
    assert (summary.there, summary.goldens) == ([], [name])


def test_samples_are_bounded(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    summary, _ = keep(place, *[exchange()] * (MAX_SAMPLES + 5))
    assert (summary.calls, [len(every) for every in stored(place.golden).values()]) == (15, [MAX_SAMPLES])
    monkeypatch.setattr(keeping, "MAX_HELD", 10)
    keeper = Keeper(replace(place, again=True), Scrubber(), print)
    keeper.add(exchange())
    assert keeper.dirty
    keeper.write()
    assert (keeper.dirty, keeper._held) == (False, 0)
    keeper.add(exchange())  # what was let go takes no more, and is not written again without its body
    keeper.close()
    assert [e.response is not None for every in stored(place.golden).values() for e in every] == [True]


def test_nothing_secret_is_stored(place: Place, tmp_path: Path) -> None:
    leaky = with_(CHAT, user="anna@example.org", metadata={"k": KEY})
    echo = with_(ANSWER, error_of=f"Incorrect API key provided: {KEY}")
    keep(place, exchange(leaky, echo), exchange(leaky, {"error": {"message": KEY}}, 503))
    texts = [path.read_text() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(texts) == 4
    assert not any(word in text for text in texts for word in (KEY, "anna@", "org-1", "session=1"))


def test_what_would_leave_a_secret_is_not_written(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Scrubber, "scrub", lambda self, one: one)
    summary, words = keep(place, exchange())
    assert (summary.lost, summary.goldens, place.golden.exists()) == (1, [], False)
    assert "authorization" in words[0]
    assert KEY not in words[0]


def test_a_full_disk_is_told_once_and_tried_again(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    full = True
    whole = journal.Writer.write

    def write(self: journal.Writer, files: Any, gone: Any = ()) -> None:
        if full:
            raise CassetteError("can't write: No space left on device", where="golden")
        whole(self, files, gone)

    monkeypatch.setattr(journal.Writer, "write", write)
    monkeypatch.setattr(keeping, "_PAUSE", 0.0)
    monkeypatch.setattr(keeping, "_SHARE", 0)
    words: list[str] = []
    keeper = Keeper(place, Scrubber(), words.append)
    keeper.add(exchange())
    keeper.write()
    keeper.write()
    assert (len(words), stored(place.golden), keeper.dirty) == (1, {}, True)
    full = False
    keeper.write()
    assert (len(stored(place.golden)), keeper.dirty, keeper.close().lost) == (1, False, 0)


def test_a_disk_that_stays_full_costs_the_call(place: Place, tmp_path: Path) -> None:
    (tmp_path / "golden").write_text("a file where the folder should be")
    summary, words = keep(place, exchange())
    assert (summary.lost, summary.goldens) == (1, [])
    assert "can't write" in words[0]


@pytest.mark.parametrize("broken", ["record", "name_of"])
def test_a_mistake_of_ours_costs_one_call_and_says_no_secret(
    place: Place, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def fail(*_: object) -> None:
        raise ValueError(KEY)

    monkeypatch.setattr(keeping, broken, fail)
    summary, words = keep(place, exchange())
    assert summary.lost == 1
    assert "by a mistake of the gate: ValueError" in words[0]
    assert KEY not in words[0]
