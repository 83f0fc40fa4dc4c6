"""One cause, one headline: which findings join, which stay apart, and what an endpoint takes with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gate.judge.merge import merge, part
from gate.judge.report import judge
from gate.judge.verdict import conclude
from gate.model import Exchange, Finding, Policy, Report, ScenarioResult
from gate.model.sides import Side
from gate.reports import formats
from gate.reports.words.causes import meaning
from gate.reports.words.headlines import headlines
from tests.report_samples import CANDIDATE, GOLDEN, finding
from tests.rules_table import CHAT, completion, plain

DAY = date(2026, 11, 22)


Exchanges = Mapping[str, Sequence[Exchange]]


def status(scenario: str, golden: str, candidate: str, message: str = "the status differs") -> Finding:
    base = finding("success-lost", "errors", scenario=scenario, path="status")
    return replace(base, golden=golden, candidate=candidate, message=message)


Evidence = tuple[str, str, str]
"""Path, golden, candidate."""

JOINED: list[tuple[str, Evidence, Evidence]] = [
    ("prose of two errors", ("status", "200", '502 "a b"'), ("status", "200", '502 "another sentence"')),
    (
        "two pages",
        ("status", "200", '502 with an HTML page: "<html>"'),
        ("status", "200", '502 with an HTML page: "<p>"'),
    ),
    (
        "lengths of vectors",
        ("data[0].embedding", "length 576", "length 1152"),
        ("data[0].embedding", "length 8", "length 4"),
    ),
    ("milliseconds", ("timing", "581 ms", "95248 ms"), ("timing", "372 ms", "4366.5 ms")),
    ("ids", ("id", "one id", '"chatcmpl-1", then "gen-2"'), ("id", "one id", '"chatcmpl-x9", then "gen-17"')),
    ("answers", ("choices[0].message.content", '"Paris."', '""'), ("choices[0].message.content", '"Rome"', '""')),
    (
        "arguments",
        ("a.arguments", "a string", '{"city": "Paris"}'),
        ("a.arguments", "a string", '{"days": 3, "unit": "c"}'),
    ),
    ("a first word", ("reasoning", "reasoning_content", '"We"'), ("reasoning", "reasoning_content", '"The"')),
    ("numbers as text", ("usage.total_tokens", "192", '"192"'), ("usage.total_tokens", "10", '"10"')),
    (
        "bytes",
        ("body", "a complete body", "cut after 327 bytes (closed)"),
        ("body", "a complete body", "cut after 1 bytes (closed)"),
    ),
    ("lists", ("data", "0, 1, 2…", "[0, 1, 0, 1]"), ("data", "0, 1, 2…", "[0, 2]")),
    (
        "cut objects",
        ("usage", '{"prompt_tokens": 3, "comp…', "absent"),
        ("usage", '{"completion_tokens": 1}', "absent"),
    ),
    ("lost values", ("object", '"chat.completion"', "absent"), ("object", '"chat.completion.chunk"', "absent")),
    (
        "the same status",
        ("body", '401 "Bad key"', "401 with an empty body"),
        ("body", '400 "No"', "400 with an empty body"),
    ),
    (
        "forms of errors",
        ("error", '{"error": {"code": 401}}', '{"detail": "no"}'),
        ("error", '{"error": {"type": "a"}}', '{"detail": "x"}'),
    ),
    (
        "hosts",
        ("url", "no redirect", "301 http://127.0.0.1:53481/v1/a"),
        ("url", "no redirect", "301 http://127.0.0.1:80/v1/b/"),
    ),
    ("indexes", ("choices[0].index", "0", "null"), ("choices[1].index", "1", "null")),
    ("characters", ("content", "valid UTF-8", "ä½  for 你 in x"), ("content", "valid UTF-8", "Ã for à in x")),
    ("headers", ("headers.x", "x-limit: 5000", "absent"), ("headers.x", "x-limit: 10", "absent")),
]

APART: list[tuple[str, Evidence, Evidence]] = [
    ("bad key, unknown model", ("status", '401 "a b"', '400 "c d"'), ("status", '404 "a b"', '400 "c d"')),
    ("502 hides 200", ("status", '429 "a b"', '502 "c d"'), ("status", '429 "a b"', "200")),
    ("overload, lost endpoint", ("status", "200", '404 "a b"'), ("status", "200", '503 "a b"')),
    (
        "HTML, an empty body",
        ("status", "200", '502 with an HTML page: "x"'),
        ("status", "200", "502 with an empty body"),
    ),
    ("codes of refusals", ("request", "status 200", "status 400"), ("request", "status 200", "status 422")),
    (
        "words",
        ("choices[0].finish_reason", '"stop"', '"end_turn"'),
        ("choices[0].finish_reason", '"tool_calls"', '"tool_use"'),
    ),
    (
        "upper case",
        ("choices[0].finish_reason", '"stop"', '"MAX_TOKENS"'),
        ("choices[0].finish_reason", '"stop"', '"STOP"'),
    ),
    ("names of exceptions", ("error.type", '"a"', '"BadRequestError"'), ("error.type", '"a"', '"NotFoundError"')),
    (
        "null, empty",
        ("choices[0].message.content", '"Paris."', "null"),
        ("choices[0].message.content", '"Paris."', '""'),
    ),
    ("null, nothing", ("usage", '{"a": 1}', "null"), ("usage", '{"a": 1}', "absent")),
    ("types", ("created", "17", '"17"'), ("created", "17", "17.5 or null")),
    ("fields", ("body", "absent", "provider"), ("body", "absent", "native_finish_reason")),
    ("models", ("model", '"gpt-4o"', '"grok-3"'), ("model", '"gpt-4o"', '"grok-4"')),
    (
        "errors in a stream",
        ("error", "an answer", '{"type": "overloaded_error"}'),
        ("error", "an answer", '{"type": "server_error"}'),
    ),
    (
        "media types",
        ("headers.content-type", "application/json", "text/plain"),
        ("headers.content-type", "application/json", "text/html"),
    ),
    ("schemes", ("url", "no redirect", "301 http://a.test/v1"), ("url", "no redirect", "301 https://a.test/v1")),
    ("code as text", ("error.code", '"invalid_api_key"', '"401"'), ("error.code", '"invalid_api_key"', '"404"')),
    ("null as a word", ("error.type", '"a"', '"None"'), ("error.type", '"a"', "null")),
]


def groups(*evidence: Evidence) -> int:
    base = finding()
    return len(
        headlines(
            replace(base, scenario=f"s{number}", path=path, golden=golden, candidate=candidate)
            for number, (path, golden, candidate) in enumerate(evidence)
        )
    )


@pytest.mark.parametrize(("why", "one", "other"), JOINED, ids=[row[0] for row in JOINED])
def test_what_differs_without_meaning_is_one_cause(why: str, one: Evidence, other: Evidence) -> None:
    assert groups(one, other) == 1


@pytest.mark.parametrize(("why", "one", "other"), APART, ids=[row[0] for row in APART])
def test_what_differs_in_meaning_is_two_causes(why: str, one: Evidence, other: Evidence) -> None:
    assert groups(one, other) == 2


def test_messages_count_like_evidence() -> None:
    """A headline shows only its first message."""
    base = finding()
    lacking = [replace(base, message=f"id is missing in {n} of {n + 9} chunks") for n in range(3)]
    assert len(headlines(lacking)) == 1
    assert len(headlines([replace(base, message=f"id is missing{n}") for n in ("", " in 4 of 4 chunks")])) == 1
    assert len(headlines([*lacking, replace(base, message="choices is missing in 1 of 9 chunks")])) == 2


def test_what_a_meaning_looks_like() -> None:
    assert meaning('401 "Bad key"', "status") == "401 text"
    assert (
        meaning("reset after 1355 bytes, 6 frames (connection reset)")
        == "reset after # bytes, # frames (connection reset)"
    )
    assert (
        meaning('{"message": "service busy", "type": "server_error", "code": 7}')
        == '{message type="server_error" code=#'
    )
    assert meaning('"' + "x" * 100_000) == "text"


# -- the pairs that must not share a headline -----------------------------------------------------


def report(*findings: Finding) -> Report:
    results = (ScenarioResult(each.scenario, each.endpoint, "pass", 1) for each in findings)
    return conclude(Report("pass", GOLDEN, CANDIDATE, tuple(results), findings))


def failing(status: int, message: str, url: str = CHAT, /, **error: Any) -> Exchange:
    return plain({"error": {"message": message, "type": "invalid_request_error", **error}}, status=status, url=url)


def judged(golden: Exchanges, candidate: Exchanges, route: str = "x") -> Report:
    return judge(Side(golden), Side(candidate, facts={"route": route}), Policy(), DAY)


RESPONSES = "/v1/responses"
RESPONSE = {"id": "resp_1", "object": "response", "status": "completed", "output": [], "model": "m", "created_at": 1}


def lost_endpoint(status: int = 404, text: str = "Not Found", /, **error: Any) -> Report:
    """Chat with a wrong key; `/responses` is not there at all."""
    served = {
        "key": [plain(completion())],
        "r1": [plain(RESPONSE, url=RESPONSES)],
        "r2": [plain(RESPONSE, url=RESPONSES)],
    }
    gone = failing(status, text, RESPONSES, **error)
    return judged(served, {"key": [failing(401, "Incorrect API key")], "r1": [gone], "r2": [gone]})


def two_routes() -> Report:
    golden: Exchanges = {"chat": [plain(completion())]}
    gone = {"chat": [failing(404, "no")]}
    return merge([part(f"{name}.json", judged(golden, gone, name)) for name in ("a", "b")])


PAIRS = {
    "401 → 400, 404 → 400": report(
        status("bad-key", '401 "Incorrect API key"', '400 "Bad request"'),
        status("unknown-model", '404 "No such model"', '400 "Bad request"'),
    ),
    "429 → 502, 429 → 200": report(
        status("limit", '429 "Slow down"', '502 "Bad"'), status("limit-2", '429 "Slow down"', "200")
    ),
    "a lost endpoint, a wrong key": lost_endpoint(),
    "two routes": two_routes(),
}
HEADINGS = {
    "terminal": r"^breaking\[success-lost\].*",
    "github": r"^::error .*success-lost.*",
    "markdown": r"<summary>.*success-lost.*</summary>",
    "comment": r"<summary>.*success-lost.*</summary>",
    "html": r'<span class="sev[^\n]*\n<span class="rule">success-lost<',
    "junit": r"breaking\[success-lost\].*",
    "junit-github": r"breaking\[success-lost\].*",
}


@pytest.mark.parametrize("name", HEADINGS)
@pytest.mark.parametrize("pair", PAIRS)
def test_each_cause_has_its_headline_in_every_format(pair: str, name: str) -> None:
    shown = re.findall(HEADINGS[name], formats()[name](PAIRS[pair]), re.MULTILINE)
    of_scenarios = len({f.scenario for f in PAIRS[pair].findings if f.rule == "success-lost"})
    assert len(shown) == (of_scenarios if name.startswith("junit") else 2)


# -- an endpoint that the candidate does not serve ------------------------------------------------


def test_a_lost_endpoint_is_one_headline_with_its_scenarios_and_consequences_below() -> None:
    first, *others = headlines(lost_endpoint().findings)
    lost = [
        each for each in (first, *others) if each.first.message.startswith("the candidate does not serve /responses")
    ]
    assert [each.scenarios for each in lost] == [("r1", "r2")]
    below = [each for each in others if each.follows]
    assert {each.follows for each in below} <= {"the candidate does not serve /responses"}
    assert {scenario for each in below for scenario in each.scenarios} <= {"r1", "r2"}


def test_consequences_stand_below_their_cause_and_say_so() -> None:
    cause = status(
        "r1", "200", '404 "Not Found"', "the candidate does not serve /responses: the candidate fails with 404"
    )
    other = status("key", "200", '401 "a key"')
    envelope = replace(finding("error-not-json", "errors", scenario="r1", path="body"), message="the body is not JSON")
    apart = replace(envelope, scenario="key")
    shown = headlines([other, envelope, apart, cause])
    assert [(each.first.rule, each.scenarios, each.follows) for each in shown] == [
        ("error-not-json", ("key",), ""),
        ("success-lost", ("key",), ""),
        ("success-lost", ("r1",), ""),
        ("error-not-json", ("r1",), "the candidate does not serve /responses"),
    ]
    text = formats()["terminal"](report(cause, envelope, other))
    assert "  follows from: the candidate does not serve /responses" in text
    assert "follows from" in formats()["html"](report(cause, envelope))
    assert headlines([envelope], among=[cause])[0].follows  # the cause is in another section


SERVED: list[tuple[str, int, str, dict[str, Any], bool]] = [
    ("no such path", 404, "Invalid URL (POST /v1/responses)", {"param": None}, True),
    ("llama.cpp", 404, "File Not Found", {"code": 404}, True),
    ("no such method", 405, "Method Not Allowed", {}, True),
    ("not implemented", 501, "Not Implemented", {}, True),
    ("behind LiteLLM", 404, "OpenAIException - Not Found. Received Model Group=gpt-4o", {}, True),
    ("a model", 404, "The model `m` does not exist", {"code": "model_not_found"}, False),
    (
        "Azure's deployment",
        404,
        "The API deployment for this resource does not exist",
        {"code": "DeploymentNotFound"},
        False,
    ),
    ("a resource", 404, "Previous response with id 'resp_1' not found.", {"param": "previous_response_id"}, False),
    ("another status", 403, "Forbidden", {}, False),
]


@pytest.mark.parametrize(("why", "code", "text", "error", "lost"), SERVED, ids=[row[0] for row in SERVED])
def test_only_a_missing_path_is_a_lost_endpoint(
    why: str, code: int, text: str, error: dict[str, Any], lost: bool
) -> None:
    messages = [each.message for each in lost_endpoint(code, text, **error).findings]
    assert any(message.startswith("the candidate does not serve /responses:") for message in messages) == lost


def test_an_endpoint_that_answers_once_is_served() -> None:
    golden: Exchanges = {"a": [plain(completion())], "b": [plain(completion())]}
    found = judged(golden, {"a": [plain(completion())], "b": [failing(404, "Not Found")]}).findings
    assert [each.rule for each in found if each.path == "status"] == ["success-lost"]
    assert not any("does not serve" in each.message for each in found)


def listing(*ids: str) -> Exchange:
    models = [{"id": name, "object": "model", "created": 1, "owned_by": "x"} for name in ids]
    return plain({"object": "list", "data": models}, url="/v1/models", request={})


@pytest.mark.parametrize(("listed", "lost"), [("other", True), ("m", False), ("", False)])
def test_a_model_that_the_list_of_models_lacks_is_not_served(listed: str, lost: bool) -> None:
    ids = [listed] if listed else []
    golden: Exchanges = {"chat": [plain(completion())], "models": [listing("m")]}
    found = judged(golden, {"chat": [failing(404, "The model `m` does not exist")], "models": [listing(*ids)]}).findings
    words = "the candidate does not serve /chat/completions with the golden's model, which its list of models lacks"
    assert any(each.message.startswith(words) for each in found) == lost


# -- a key that the candidate alone minds ----------------------------------------------------------


def with_key(exchange: Exchange, key: str) -> Exchange:
    headers = (("authorization", f"Bearer {key}"),) if key else ()
    return replace(exchange, request=replace(exchange.request, headers=(*headers, ("user-agent", "swapgate/0.1.0"))))


GOOD = plain(completion())
KEYS = [
    ("a made-up key", "sk-bad-0000", failing(401, "Incorrect API key provided"), "***", "risky"),
    ("LiteLLM 1.108", "sk-bad-0000", failing(400, "No connected db."), "***", "risky"),
    ("no key", "", failing(401, "No api key passed in."), "***", "risky"),
    ("LiteLLM 1.108, no key", "", failing(500, "Internal Server Error"), "***", "risky"),
    ("its own key", "************", failing(401, "Incorrect API key provided"), "***", "breaking"),
    # cassettes of others have no such headers: nothing tells that a key was left out on purpose
    ("no key anywhere", "", failing(401, "No api key passed in."), "", "breaking"),
]


@pytest.mark.parametrize(("why", "key", "answer", "usual", "severity"), KEYS, ids=[row[0] for row in KEYS])
def test_a_key_that_the_golden_does_not_mind(why: str, key: str, answer: Exchange, usual: str, severity: str) -> None:
    """A mock or a local engine as golden, a route that checks keys as candidate: the move that everybody makes."""
    golden: Exchanges = {"key": [with_key(GOOD, key)], "chat": [with_key(GOOD, usual)]}
    (found,) = judged(golden, {"key": [with_key(answer, key)], "chat": [with_key(GOOD, usual)]}).findings
    assert (found.severity.word, "takes any key" in found.message) == (severity, severity == "risky")
    assert ("a key of it" in found.hint) == (severity == "risky")


def test_a_header_that_another_recorder_left_out_is_no_missing_key() -> None:
    """Cassettes of many recorders in one folder: a few have the header, masked, and the rest have none."""
    golden: Exchanges = {"bare": [GOOD], "chat": [with_key(GOOD, "***")]}
    found = judged(golden, {"bare": [failing(429, "no")], "chat": [with_key(GOOD, "***")]}).findings
    assert [each.severity.word for each in found if each.path == "status"] == ["breaking"]


def test_a_route_that_answers_nobody_is_no_matter_of_made_up_keys() -> None:
    golden: Exchanges = {"key": [with_key(GOOD, "sk-bad-0000")], "chat": [with_key(GOOD, "***")]}
    refused = failing(401, "Incorrect API key provided")
    found = judged(golden, {name: [with_key(refused, "***")] for name in golden}).findings
    assert {each.severity.word for each in found if each.path == "status"} == {"breaking"}


# -- a path where nothing is -----------------------------------------------------------------------


def test_what_an_error_says_of_a_path_where_nothing_is_breaks_nobody() -> None:
    """error-unknown-path: FastAPI's detail (LiteLLM, lm-proxy), another type (smg); SDKs raise NotFoundError of each."""
    nothing = failing(404, "Not found", "/v1/no-such-path", type="not_found")
    others = [
        plain({"detail": "Not Found"}, status=404, url="/v1/no-such-path"),
        failing(404, "Invalid URL", "/v1/no-such-path"),
    ]
    for other in others:
        found = judged({"s": [nothing]}, {"s": [other]}).findings
        assert {each.severity.word for each in found} == {"risky"}
        # where something is, its errors are read
        there = replace(nothing, request=replace(nothing.request, url="https://host.test/v1/chat/completions"))
        moved = replace(other, request=there.request)
        assert "breaking" in {each.severity.word for each in judged({"s": [there]}, {"s": [moved]}).findings}
    lost = judged({"s": [nothing]}, {"s": [failing(500, "no", "/v1/no-such-path", type="not_found")]}).findings
    assert [each.severity.word for each in lost if each.path == "status"] == ["breaking"]


LOST = [(401, "check the key"), (403, "check the key"), (429, "max_concurrency"), (500, "log"), (404, "base path")]


@pytest.mark.parametrize(("status", "words"), LOST)
def test_what_to_look_at_first_goes_by_the_status(status: int, words: str) -> None:
    """Portkey 1.15.2 as npm installs it today: 500 to every stream; no key and no base path is to blame."""
    (found,) = judged({"s": [GOOD]}, {"s": [failing(status, "no")]}).findings
    assert (found.rule, words in found.hint) == ("success-lost", True)
