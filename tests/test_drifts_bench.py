"""The benchmark of drifts: what is served by URL, how a tool is asked, and that the page is made of the last run."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bench.drifts import results
from bench.drifts.ask import Answer, Ask, by_lines, command
from bench.drifts.cases import Case, Served, asked, catalogue, pairs, unplayed
from bench.drifts.routes import routes
from bench.drifts.runners.form import expected, form
from gate.model import Exchange, Request
from gate.mutations import of_answers
from gate.replay.service import Service
from gate.store import cassette
from tests.rules_table import HELLO, call, chunk, completion, plain, stream


@pytest.fixture(scope="module")
def served() -> Served:
    return catalogue()


def requests(case: Case, path: str) -> list[Request]:
    return [
        Request(one["method"], f"http://h/v1/{path}{one['path']}", (), (one["body"] or "").encode() or None)
        for one in case.requests
    ]


# -- what is served -----------------------------------------------------------------------------


def test_every_drift_is_asked_about_but_those_that_are_named(served: Served) -> None:
    drifts = {case.name.partition("@")[0] for case in served.cases if case.sort == "drift"}
    assert (drifts | {*unplayed()}) == of_answers().keys()
    assert len(unplayed()) == 9, "what no URL shows: docs/accuracy.md says so"
    assert len({(case.sort, case.name) for case in served.cases}) == len(served.cases)


@pytest.mark.untraced
def test_every_url_answers_with_its_scenario_and_its_fault(served: Served) -> None:
    golden, candidate = Service(served.golden), Service(served.candidate)
    for case in served.cases:
        scenario = case.golden.removeprefix("@")
        fault = case.candidate.partition("!")[2]
        for request, one in zip(requests(case, case.golden), case.requests, strict=True):
            answer = golden.respond(request)
            assert (answer.scenario, answer.fault, answer.reply.status) == (scenario, "", one["status"]), case.name
        for request in requests(case, case.candidate):
            answer = candidate.respond(request)
            assert (answer.scenario, answer.fault) == (scenario, fault), case.name


def test_pairs_of_a_folder_are_asked_alike(tmp_path: Path) -> None:
    sides = {"golden": [plain(completion()), plain(completion())], "candidate": [stream(*HELLO)]}
    for side, exchanges in sides.items():
        (tmp_path / "a/b" / side).mkdir(parents=True)
        (tmp_path / "a/b" / side / "one.yaml").write_text(cassette.dump({}, exchanges), "utf-8")
    (tmp_path / "index.json").write_text(json.dumps({"a/b": {"want": "calm"}}), "utf-8")
    made = pairs(tmp_path)
    (case,) = made.cases
    assert (case.name, case.sort, case.wanted, case.golden, case.candidate) == (
        "a/b",
        "pair",
        "calm",
        "@pair.a.b",
        "@pair.a.b",
    )
    assert [len(case.requests), *map(len, (made.golden["pair.a.b"], made.candidate["pair.a.b"]))] == [1, 2, 1]
    (request,) = requests(case, case.candidate)
    assert Service(made.candidate).respond(request).scenario == "pair.a.b"
    (tmp_path / "index.json").write_text(json.dumps({"a/b": {"want": "more"}}), "utf-8")
    with pytest.raises(SystemExit, match="`more` is none of"):
        pairs(tmp_path)


# -- how a tool is asked ------------------------------------------------------------------------

READS = """
import json, sys, urllib.request
asked = json.load(sys.stdin)
for base_url in sys.argv[1:]:
    for one in asked:
        request = urllib.request.Request(base_url + one["path"], one["body"].encode(), {"authorization": "Bearer any"})
        print(len(urllib.request.urlopen(request).read()))
sys.exit(1)
"""
ANSWERS = """
import json, sys
for number, line in enumerate(sys.stdin):
    if number:
        print(json.dumps({"name": json.loads(line)["name"], "said": sys.argv[1], "why": "so"}))
print("done")
"""


def python(text: str) -> str:
    # in quotes: a path of Windows has backslashes
    return f"'{sys.executable}' -c '{text}'"


@pytest.mark.parametrize(
    ("asking", "said", "why"),
    [
        (command("true"), ["accepts", "accepts"], ""),
        (command("false"), ["alarm", "alarm"], ""),
        (command(python(READS)), ["alarm", "alarm"], "324"),
        (command(python("raise SystemExit(7)")), ["not asked", "not asked"], ""),
        (partial(by_lines, [sys.executable, "-c", ANSWERS, "risky"], Path()), ["risky", "not asked"], "so"),
    ],
    ids=["accepts", "alarms", "asks both", "fails", "by lines"],
)
def test_a_planted_tool(served: Served, asking: Ask, said: list[str], why: str) -> None:
    chosen = tuple(case for case in served.cases if case.name == "usage-missing@chat")
    assert [case.sort for case in chosen] == ["drift", "twin"]
    with routes(replace(served, cases=chosen)) as (golden, candidate):
        answers = list(asking(chosen, golden, candidate))
    assert [answer.said for _, answer in answers] == said
    assert answers[0][1].why == why


def test_a_runner_that_says_something_else_is_refused(served: Served) -> None:
    with pytest.raises(ValueError, match="'maybe'"):
        list(by_lines([sys.executable, "-c", ANSWERS, "maybe"], Path(), served.cases[:2], "http://h", "http://h"))


# -- what still holds ---------------------------------------------------------------------------

FACTS = {"old": {"version": "1"}, "new": {"version": "2"}}


def test_what_was_asked_before_holds_for_the_same_bytes_and_the_same_version(served: Served) -> None:
    one, two, *_ = served.cases
    pair = replace(one, sort="pair")
    found: results.Found = {}
    for name, facts in FACTS.items():
        results.added(found, name, facts, [(case, Answer("alarm")) for case in (one, two, pair)])
    every = [one, two, pair]
    assert results.kept(found, every, FACTS) == found
    assert results.open_(found, "old", every) == []
    assert results.kept(found, [one, two], FACTS) == found, "without pairs at hand nothing is known of them"
    upgraded = results.kept(found, every, {**FACTS, "new": {"version": "3"}})
    assert [results.open_(upgraded, name, every) for name in FACTS] == [[], every]
    changed = [replace(one, served="other bytes"), two, replace(pair, served="other bytes")]
    holds = results.kept(found, changed, FACTS)
    assert results.open_(holds, "new", changed) == [changed[0], changed[2]]
    results.added(holds, "new", FACTS["new"], [(case, Answer("accepts")) for case in changed])
    assert holds[one.sort][one.name] == {"wanted": one.wanted, "served": "other bytes", "new": "accepts"}
    assert holds["pairs"]["new"] == {one.wanted: {"accepts": 1}}


def test_what_no_case_is_any_more_goes(served: Served, tmp_path: Path) -> None:
    one, two, *_ = served.cases
    found: results.Found = {}
    results.added(found, "old", FACTS["old"], [(two, Answer("alarm")), (one, Answer("risky"))])
    results.written(tmp_path / "run.json", results.kept(found, [replace(two, wanted="told")], FACTS))
    assert results.read(tmp_path / "run.json") == {
        "tools": {"old": FACTS["old"]},
        two.sort: {two.name: {"wanted": "told", "served": two.served, "old": "alarm"}},
    }


# -- what other tools are given of the golden ---------------------------------------------------


def told(exchange: Exchange) -> dict[str, Any]:
    response = exchange.response
    assert response is not None
    return form(response.status, dict(response.headers)["content-type"], response.body)


def test_the_form_of_an_answer() -> None:
    assert told(plain(b"<html>"))["body"] == "<html>"
    assert told(plain(completion()))["body"]["object"] == "chat.completion"
    streamed = told(stream(*HELLO))
    assert (len(streamed["events"]), streamed["end"], streamed["media"]) == (len(HELLO), "[DONE]", "text/event-stream")
    assert asked(plain(completion()))["path"] == "/chat/completions"


def test_what_a_chat_means() -> None:
    called = (
        chunk({"tool_calls": [call('{"city"')]}),
        chunk({"tool_calls": [{"function": {"arguments": ": 1}"}}]}),
    )
    assert told(stream(*called))["meant"] == {
        "content": "",
        "calls": [{"name": "get_weather", "arguments": {"city": 1}}],
    }
    assert told(plain(completion({"content": '{"a": 1}'})))["meant"]["content"] == {"a": 1}
    assert told(plain(completion({"content": "42"})))["meant"]["content"] == "42"
    assert told(plain({"choices": [None, {"delta": 1}, {"message": {"tool_calls": [1, {"function": []}]}}]}))[
        "meant"
    ] == {
        "content": "",
        "calls": [],
    }


def test_the_schemas_of_the_request_are_expected() -> None:
    city = {"type": "object", "required": ["city"]}
    tools = [{"type": "function", "function": {"name": "get_weather", "parameters": city}}]
    body = json.dumps({"response_format": {"json_schema": {"schema": city}}, "tools": tools})
    answers = [
        {"meant": {"content": {"city": "Paris"}, "calls": [{"name": "get_weather", "arguments": {"city": "Paris"}}]}}
    ]
    properties = expected(answers, body)["properties"]["meant"]["properties"]
    assert properties["content"] == city
    assert properties["calls"]["items"]["anyOf"] == [
        {"type": "object", "properties": {"name": {"const": "get_weather"}, "arguments": city}}
    ]
    assert "anyOf" not in json.dumps(expected(answers))


def test_the_expectations_of_a_golden() -> None:
    schema = expected(
        [{"status": 200, "seconds": 1.0, "body": {"object": "list", "data": [{"embedding": [0, 0.5]}]}}] * 2
    )
    body = schema["properties"]["body"]
    assert (schema["required"], schema["properties"]["status"]) == (["status", "body"], {"enum": [200]})
    assert body["properties"]["object"] == {"enum": ["list"]}
    vectors = body["properties"]["data"]["items"]["properties"]["embedding"]
    assert vectors == {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
    flaps = expected([{"a": None, "b": 1}, {"a": "x"}, {"a": True, "b": []}])
    assert flaps["required"] == ["a"]
    assert flaps["properties"]["a"] == {"type": ["boolean", "null", "string"]}


# -- the page -----------------------------------------------------------------------------------


def test_the_page_is_that_of_the_last_run() -> None:
    found = results.newest()
    (part,) = results.PART.findall(results.PAGE.read_text("utf-8"))
    assert part == results.page(found), "python -m bench.drifts page"
    assert {name for one in found["drift"].values() for name in one} - {"wanted", "served"} == found["tools"].keys()
