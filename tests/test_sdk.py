"""`gate sdk` without an SDK: which versions, which calls, what a driver may say, and what the command refuses."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from gate.cli.sdk import command
from gate.errors import ConfigError
from gate.explain.exhibits import exhibits
from gate.judge.report import judge
from gate.model import Ending, Exchange, Policy, Request
from gate.model.sides import Side
from gate.replay.scripts import script_of
from gate.rules import rules
from gate.sdk import environments, upgrades
from gate.sdk import judge as judge_of_sdks
from gate.sdk.exhibits import transcribed
from gate.sdk.jobs import ALL, LEFT, PACED, PLAIN_FAULTS, STREAM_FAULTS, cells, named, undriven
from gate.sdk.player import _Watched, of_call, parameters
from gate.sdk.scripts import scripts
from gate.sdk.transcripts import Received, transcript, unusable, without_made_ids
from gate.sdk.versions import Version, version_of
from tests.mutation_goldens import OTHERS, SPEECH
from tests.real.sdks import transcription
from tests.rules_table import ASK, EMBED, HELLO, called, completion, plain, post, raises, refusal, seen, stream

ASKED = Request("POST", "http://h/v1/chat/completions")
HTTPX = Version("pypi", "httpx", "0.28.1")
OLD, NEW = Version("pypi", "openai", "2.54.0"), Version("pypi", "openai", "3.57.0")


# -- versions -----------------------------------------------------------------------------------

NAMED = {
    "openai==2.54.0": OLD,
    "pypi:openai==2.54.0": OLD,
    "LangChain_OpenAI==1.7.4": Version("pypi", "langchain-openai", "1.7.4"),
    "npm:openai@6.49.0": Version("npm", "openai", "6.49.0"),
    "openai==2.54.0  httpx==0.28.1": Version("pypi", "openai", "2.54.0", (HTTPX,)),
    "npm:@ai-sdk/openai-compatible@2.0.0-beta.3": Version("npm", "@ai-sdk/openai-compatible", "2.0.0-beta.3"),
}


def test_a_version_is_one_package_at_one_version() -> None:
    assert {text: version_of(text) for text in NAMED} == NAMED
    assert str(OLD) == "openai==2.54.0"
    assert str(NAMED["npm:openai@6.49.0"]) == "npm:openai@6.49.0"
    assert str(NAMED["openai==2.54.0  httpx==0.28.1"]) == "openai==2.54.0 httpx==0.28.1"


def test_packages_of_two_registries_are_not_installed_beside_each_other() -> None:
    with pytest.raises(ConfigError, match="installed beside openai"):
        version_of("openai==2.54.0 npm:openai@6.49.0")


@pytest.mark.parametrize(
    "text",
    [
        "openai>=2",  # a range
        "openai",
        "openai==2.*; python_version < '4'",
        "--index-url=http://h==1",
        "git+https://h/x==1",
        "./openai==1",
        "npm:openai",
        "npm:openai@latest",
        "npm:../x@1",
        "npm:--registry=x@1",
        "openai==2.54.0 --pre",
        "",
    ],
)
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="no package at one version"):
        version_of(text)


# -- calls --------------------------------------------------------------------------------------


def _calls(**exchanges: Exchange) -> dict[str, list[str]]:
    named = {name.replace("_", "-"): [_as(name, exchange)] for name, exchange in exchanges.items()}
    return {cell.scenario: [job.call for job in cell.jobs] for cell in cells(named, faults=False)}


def _as(name: str, exchange: Exchange) -> Exchange:
    return replace(exchange, scenario=name.replace("_", "-"))


def test_each_golden_is_called_as_applications_call_it() -> None:
    schema = {**ASK, "response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": {}}}}
    assert _calls(
        chat=plain(completion()),
        chat_stream=stream(*HELLO),
        json_schema=plain(completion(), schema),
        embed=plain({"data": []}, {"input": "a"}, url=EMBED),
    ) == {
        "chat": ["create", "async", "raw"],
        "chat-stream": ["stream", "async", "helper"],
        "embed": ["create", "async", "raw"],
        "json-schema": ["create", "async", "raw", "parse"],
    }


def test_operations_beside_chat_are_called_too() -> None:
    typed = {"model": "m", "input": "a", "text": {"format": {"type": "json_schema", "name": "a", "schema": {}}}}
    assert _calls(
        files=replace(plain({}, url="/v1/files"), request=Request("GET", "https://host.test/v1/files")),
        image=OTHERS["image"],
        image_stream=OTHERS["image-stream"],
        moderations=OTHERS["moderations"],
        response=plain({}, typed, url="/v1/responses"),
        speech=SPEECH,
        transcription=transcription({"text": "Hello."}),
    ) == {
        "files": ["create", "async", "raw"],
        "image": ["create", "async", "raw"],
        "image-stream": ["stream"],
        "moderations": ["create", "async", "raw"],
        "response": ["create", "async", "raw", "parse"],
        "speech": ["create", "async"],
        "transcription": ["create", "async"],
    }


def test_a_file_of_a_form_is_given_by_its_name_and_content() -> None:
    exchange = transcription({"text": "Hello."})
    form = exchange.request.body or b""
    more = b'--b\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n'
    fields = (("timestamp_granularities[]", "word"), ("stream", "true"), ("temperature", "0"))
    body = b"".join(more % (name.encode(), value.encode()) for name, value in fields) + form
    asked = replace(exchange, request=replace(exchange.request, body=body))
    (cell,) = cells({"t": [_as("t", asked)]}, faults=False)
    assert cell.jobs[0].call == "stream"
    assert cell.jobs[0].body == {
        "timestamp_granularities": ["word"],
        "stream": True,
        "temperature": "0",
        "model": "w",
        "file": {"name": "a.wav", "base64": "UklGRgA="},
    }


def test_what_no_sdk_can_be_made_to_send_is_said() -> None:
    broken = plain(completion())
    broken = replace(broken, request=replace(broken.request, body=b'{"model": '))
    goldens = {"broken": [broken], "rerank": [plain({}, url="/v1/rerank")], "chat": [_as("chat", plain(completion()))]}
    assert undriven(goldens) == ("broken", "rerank")


def test_the_bad_key_is_sent_where_the_golden_has_it() -> None:
    refused = refusal(401)
    for header, key in (("Bearer sk-bad-0000", "sk-bad-0000"), ("Bearer ****", "sk-gate-0000"), ("", "")):
        headers = (("authorization", header),) if header else ()
        exchange = replace(refused, request=replace(refused.request, headers=headers))
        assert {job.api_key for cell in cells({"e": [exchange]}, faults=False) for job in cell.jobs} == {key}


def test_faults_are_played_to_one_plain_and_one_streamed_chat() -> None:
    goldens: Mapping[str, Sequence[Exchange]] = {
        "chat": [_as("chat", plain(completion()))],
        "chat-stream": [_as("chat-stream", stream(*HELLO))],
        "error": [_as("error", refusal(400))],
        "tool": [_as("tool", called({}))],
    }
    faulty = [cell.scenario for cell in cells(goldens) if cell.jobs[0].fault]
    assert faulty == [
        *(f"chat!{fault}" for fault in PLAIN_FAULTS),
        *(f"chat-stream!{fault}" for fault in STREAM_FAULTS),
        *(f"chat-stream!{fault}" for fault in (LEFT, PACED)),
    ]
    assert [script_of(name.partition("!")[2]).text for name in faulty]  # they exist
    assert not [cell for cell in cells({"error": goldens["error"]}) if cell.jobs[0].fault]


def test_a_golden_has_the_name_of_its_folder() -> None:
    """`gate sdk golden/chat` loads one file, under the file's own name."""
    made = cells({"cassette": [_as("chat", plain(completion()))]}, also=("usage-missing",))
    assert {cell.exchange.scenario for cell in made} == {"cassette"}


def test_a_named_fault_is_played_to_both_beside_the_usual_ones_or_alone() -> None:
    goldens: Mapping[str, Sequence[Exchange]] = {
        "chat": [_as("chat", plain(completion()))],
        "chat-stream": [_as("chat-stream", stream(*HELLO))],
    }
    alone = cells(goldens, faults=False, also=("usage-missing", "usage-missing"))
    assert [cell.scenario for cell in alone if cell.jobs[0].fault] == [
        *("chat!usage-missing", "chat-stream!usage-missing")
    ]
    beside = [cell.scenario for cell in cells(goldens, also=("reset*1",)) if cell.jobs[0].fault]
    assert beside.count("chat!reset*1") == 1
    assert "chat-stream!reset*1" in beside


def test_a_gateway_is_asked_by_its_own_names_of_models() -> None:
    made = cells({"chat": [_as("chat", plain(completion()))]}, faults=False)
    model = str(made[0].jobs[0].body["model"])
    assert {job.body["model"] for cell in named(made, {model: "team-small"}) for job in cell.jobs} == {"team-small"}
    assert named(made, {"another": "x"}) == made


def test_upstream_of_a_gateway_a_fault_needs_no_path() -> None:
    watched = _Watched()
    exchange = _as("chat", plain(completion()))
    watched.serve([exchange])
    asked = replace(exchange.request, url="http://127.0.0.1:1/v1/chat/completions")
    assert watched.respond(asked).fault == ""
    watched.fault = "status-503"
    answered = watched.respond(asked)
    assert (answered.fault, answered.reply.status) == ("status-503", 503)
    # what came is told as it came
    assert [one.request.url for one in watched.taken()] == [asked.url, asked.url]


# -- drivers ------------------------------------------------------------------------------------


def test_drivers_are_found_by_their_folder() -> None:
    found = scripts()
    assert found.keys() >= {"pypi:openai", "pypi:langchain-openai", "npm:ai", "npm:@langchain/openai"}
    for script in found.values():
        for endpoint, calls in script.calls.items():
            assert set(calls) <= set(ALL[endpoint])


@pytest.mark.parametrize(
    ("version", "beside"),
    [
        ("npm:ai@6.0.326", ("@ai-sdk/openai-compatible@2",)),  # the provider goes with the major version
        ("npm:ai@6.0.326 npm:@ai-sdk/openai-compatible@2.0.1", ("@ai-sdk/openai-compatible@2.0.1",)),
        ("npm:ai@99.0.0", ()),
        ("openai==2.54.0 httpx==0.28.1", ("httpx==0.28.1",)),
    ],
)
def test_what_is_installed_beside_a_version(version: str, beside: tuple[str, ...]) -> None:
    named = version_of(version)
    assert scripts()[named.key].beside(named) == beside


def test_a_driver_is_only_asked_for_calls_that_it_makes() -> None:
    goldens = {"chat": [_as("chat", plain(completion()))], "embed": [plain({"data": []}, {"input": "a"}, url=EMBED)]}
    calls = {"chat.completions": ["create", "stream"]}
    assert [[job.call for job in cell.jobs] for cell in cells(goldens, calls, faults=False)] == [["create"]]
    assert undriven(goldens, calls) == ("embed",)


# -- what a driver says -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ({"outcome": "returned", "values": {"text": "a"}}, "returned"),
        ({"outcome": "raised", "error": {"classes": ["E"], "status": 429}}, "raised"),
        ({"outcome": "waiting"}, "waiting"),
        ({"outcome": "unusable"}, "exited"),  # only we say that
        ({"outcome": ["returned"]}, "exited"),
        ({"values": 3, "events": {"a": "b"}, "headers": {"a": 1}, "error": []}, "exited"),
        ({"outcome": "raised", "error": "no object"}, "raised"),
    ],
)
def test_nothing_that_a_driver_writes_is_believed_unread(said: Any, outcome: str) -> None:
    made = transcript("create", said, [])
    assert made.outcome == outcome
    assert (made.error is not None) == (outcome == "raised")
    assert made.events == {}


def test_what_the_server_received_is_in_the_transcript() -> None:
    url = "http://h/v1/!reset*1/chat/completions"
    sent = (Request("POST", url, (("Accept", "a"),), b'{"n": 1}'), Request("POST", url, (), b"{"))
    requests = [Received(1.0, sent[0]), Received(1.5, sent[1])]
    first, second = transcript("create", {"outcome": "returned"}, requests).posts
    assert (first.path, first.headers, first.body, first.at_ms) == (
        "/v1/chat/completions",
        {"accept": "a"},
        {"n": 1},
        0,
    )
    assert (second.body, second.at_ms) == (None, 500)
    assert unusable("create", "why").outcome == "unusable"


def test_a_form_is_told_by_its_fields_without_what_is_new_each_time() -> None:
    (sent,) = transcript("create", {"outcome": "returned"}, [Received(0.0, transcription({}).request)]).posts
    assert sent.headers["content-type"] == "multipart/form-data; boundary=…"
    assert sent.body == {"model": "w", "file": {"bytes": 5}}


@pytest.mark.parametrize(
    ("received", "ending"),
    [
        (Received(0.0, ASKED), ""),  # behind a gateway
        (Received(0.0, ASKED, open=True), "open"),
        (Received(0.0, ASKED, Exchange(ASKED, None, ending=Ending.CANCELLED, total_ms=812.04)), "left"),
        (Received(0.0, ASKED, Exchange(ASKED, None, ending=Ending.CUT)), "cut"),
        (Received(0.0, ASKED, plain(completion())), "complete"),
    ],
)
def test_what_became_of_the_connection_is_in_the_transcript(received: Received, ending: str) -> None:
    (post,) = transcript("stream", {"outcome": "returned", "cancelled": True, "first_ms": 12.04}, [received]).posts
    assert post.ending == ending
    assert post.ended_ms == {"left": 812.0, "cut": 0.0, "complete": 0.0}.get(ending)


@pytest.mark.parametrize(
    ("body", "message", "quoted"),
    [
        (refusal(429, message="Slow\ndown, 'please'."), "429 - {'message': \"Slow\\ndown, 'please'.\"}", True),
        (refusal(429, message="Slow down, please."), "429 slow", False),
        (refusal(429, message="S" * 90), "429 " + "S" * 60, True),  # cut by the SDK
        (plain({"error": "no object"}), "E", None),
        (plain({"detail": "x"}), "E", None),
        (Exchange(ASKED, None), "E", None),
        (None, "E", None),
    ],
)
def test_whether_the_exception_holds_the_message_of_the_server(
    body: Exchange | None, message: str, quoted: bool | None
) -> None:
    said = {"outcome": "raised", "error": {"classes": ["E"], "message": message, "retryable": True}}
    error = transcript("create", said, [Received(0.0, ASKED, body)]).error
    assert error
    assert (error.quoted, error.retryable) == (quoted, True)


def test_what_the_answer_asks_to_wait_is_in_the_transcript() -> None:
    limited = refusal(429)
    assert limited.response
    asking = replace(limited, response=replace(limited.response, headers=(("Retry-After", "1"),)))
    posts = transcript("create", {}, [Received(0.0, ASKED, one) for one in (asking, limited, None)]).posts
    assert [post.retry_after for post in posts] == ["1", "", ""]


def test_what_nobody_can_catch_is_in_the_transcript() -> None:
    assert transcript("create", {"outcome": "returned", "unhandled": ["E"]}, []).unhandled == ("E",)


@pytest.mark.parametrize(("said", "kept"), [(600, 600), (0.8, 0.8), ("600", None), (None, None)])
def test_how_long_a_client_says_that_it_waits_is_in_the_transcript(said: Any, kept: float | None) -> None:
    assert transcript("create", {"outcome": "returned", "timeout_s": said}, []).timeout_s == kept


def test_a_first_token_is_a_time() -> None:
    assert transcript("stream", {"outcome": "returned", "first_ms": 12.04}, []).first_ms == 12.0
    assert transcript("stream", {"outcome": "returned", "first_ms": "soon"}, []).first_ms is None
    assert transcript("stream", {"outcome": "returned", "cancelled": 1}, []).cancelled is False


def test_the_server_is_waited_for_until_it_knows_what_became_of_a_connection() -> None:
    watched = _Watched()
    exchange = _as("chat", plain(completion()))
    watched.serve([exchange])
    asked = replace(exchange.request, url="http://127.0.0.1:1/v1/chat/completions")
    watched.respond(asked)
    assert [(one.ended, one.open) for one in watched.taken()] == [(None, True)]
    watched.respond(asked)
    threading.Timer(0.05, watched.ended, [replace(exchange, request=asked)]).start()
    (one,) = watched.taken(60)
    assert (one.ended and one.ended.ending, one.open) == (Ending.COMPLETE, False)


@pytest.mark.parametrize(
    ("path", "headers", "own"),
    [
        ("/v1/chat/completions", (), True),  # a golden without a key
        ("/v1/!reset*1/chat/completions", (("authorization", "Bearer x"),), True),
        ("/chat/completions", (("Authorization", "Bearer sk-gate-0000"),), True),  # the SDK lost a part of the base_url
        ("/health/liveliness", (), False),  # somebody waits for a gateway that had this port before
        ("/", (("authorization", "Bearer other"),), False),
    ],
)
def test_a_stranger_on_the_port_is_no_request_of_a_call(
    path: str, headers: tuple[tuple[str, str], ...], own: bool
) -> None:
    job = cells({"chat": [_as("chat", plain(completion()))]}, faults=False)[0].jobs[0]
    assert of_call(replace(job, api_key="sk-gate-0000"), Request("GET", f"http://127.0.0.1:1{path}", headers)) is own


@pytest.mark.parametrize(
    ("calls", "ids"),
    [
        ([{"id": "call_1"}, {"id": "call_2"}], ["call_1", "made by the SDK"]),  # LiteLLM makes one where none came
        ([{"id": None}, {}, "x"], [None, None, None]),
        ([{"id": "\ud800"}], ["made by the SDK"]),
    ],
)
def test_ids_that_the_sdk_made_are_alike(calls: list[Any], ids: list[Any]) -> None:
    seen = transcript("create", {"outcome": "returned", "values": {"tool_calls": calls}}, [])
    kept = without_made_ids(seen, b'{"id": "call_1"}').values["tool_calls"]
    assert [call.get("id") if isinstance(call, dict) else None for call in kept] == ids
    other = transcript("create", {"values": {"text": "a"}}, [])
    assert without_made_ids(other, b"") == other


def test_parameters_are_those_of_the_hello() -> None:
    assert parameters({"parameters": {"chat.completions": ["model"], "odd": 3}}) == {"chat.completions": ["model"]}
    assert parameters({"parameters": []}) == {}


def test_the_page_shows_where_transcripts_differ_and_judges_its_own_area_alone() -> None:
    asked = post("/v1/chat/completions", {"n": 1})
    before = raises("A", "Exception", posts=(asked,), status=429)
    now = raises("B", "Exception", posts=(replace(asked, at_ms=3.0, ending="left"),), status=429)
    before = replace(before, transcripts=(*before.transcripts, *seen("raw", values={"text": ["a"]}).transcripts))
    now = replace(now, transcripts=(*now.transcripts, *seen("raw", values={"text": ["b"]}, headers=("x",)).transcripts))
    sides = [Side({name: [_as(name, one)] for name in ("chat",)}) for one in (before, now)]
    same = {"same": [_as("same", before)]}
    golden, candidate = (replace(side, exchanges={**side.exchanges, **same}) for side in sides)
    own = {name: rule for name, rule in rules().items() if rule.area == "sdk"}
    report = judge(golden, candidate, Policy(), date(2026, 11, 30), exhibit=transcribed(exhibits), chosen=own)
    assert {area for scenario in report.scenarios for area in scenario.areas} == {"sdk"}
    shown = {(one.scenario, one.side): one for one in report.exhibits}
    assert [line.text for line in shown["chat", "golden"].response] == [
        "create: raises A < Exception",
        'create: request 1: POST /v1/chat/completions {"n": 1}',
        'raw: text: ["a"]',
    ]
    assert [line.text for line in shown["chat", "candidate"].response] == [
        "create: raises B < Exception",
        'create: request 1: POST /v1/chat/completions {"n": 1}, left',
        'raw: text: ["b"]',
        "raw: headers: x",
    ]
    assert (shown["same", "golden"].response, shown["chat", "golden"].request) == ((), ())


# -- which versions -----------------------------------------------------------------------------


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose lock file and gate.yaml move one version, not yet committed."""
    for name, value in {
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@b.test",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GIT_COMMITTER_NAME", "a")
    monkeypatch.setenv("GIT_COMMITTER_EMAIL", "a@b.test")
    (tmp_path / "requirements.txt").write_text("openai==2.54.0\nhttpx==0.28.1\n")
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "package-lock.json").write_text(_package_lock("6.49.0"))
    (tmp_path / "gate.yaml").write_text("version: 1\nsdk: {python: openai==2.54.0}\n")
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "one"]):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True)
    return tmp_path


def _package_lock(version: str) -> str:
    return json.dumps({"lockfileVersion": 3, "packages": {"node_modules/openai": {"version": version}}})


def test_the_sdks_whose_locked_versions_differ(repository: Path) -> None:
    before = upgrades.locked_at(repository, "HEAD")
    assert upgrades.between(before, upgrades.locked(repository)) == ()
    (repository / "requirements.txt").write_text("openai==3.57.0\nhttpx==0.28.1\n")
    (repository / "web" / "package-lock.json").write_text(_package_lock("7.59.0"))
    assert upgrades.between(before, upgrades.locked(repository)) == (
        (Version("npm", "openai", "6.49.0"), Version("npm", "openai", "7.59.0")),
        (replace(OLD, beside=(HTTPX,)), replace(NEW, beside=(HTTPX,))),
    )
    assert upgrades.configured_at(repository, "HEAD", "gate.yaml") == {"pypi:openai": OLD}
    assert upgrades.configured_at(repository, "HEAD", "other.yaml") == {}


@pytest.mark.parametrize("revision", ["nosuch", "--output=x", "HEAD~1"])
def test_a_revision_that_is_none_is_an_error(repository: Path, revision: str) -> None:
    with pytest.raises(ConfigError, match=r"no such revision|no revision"):
        upgrades.locked_at(repository, revision)


def test_what_an_sdk_is_built_on_is_an_upgrade_of_it_too(tmp_path: Path) -> None:
    """openai/openai-agents-python#1395: the lock file moved openai alone, and the framework on it broke."""
    (tmp_path / "requirements.txt").write_text("openai-agents==0.2.4\nopenai==1.99.1\n")
    before = upgrades.locked(tmp_path)
    (tmp_path / "requirements.txt").write_text("openai-agents==0.2.4\nopenai==1.99.2\n")
    moved = [f"{old} > {new}" for old, new in upgrades.between(before, upgrades.locked(tmp_path))]
    assert moved == [
        "openai==1.99.1 > openai==1.99.2",
        "openai-agents==0.2.4 openai==1.99.1 > openai-agents==0.2.4 openai==1.99.2",
    ]


def test_of_several_versions_none_is_pinned_beside(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("openai-agents==0.2.4\nopenai==1.99.1\n")
    (tmp_path / "requirements-dev.txt").write_text("openai==2.54.0\n")
    assert str(upgrades.locked(tmp_path)["pypi:openai-agents"]) == "openai-agents==0.2.4"


def test_the_last_of_several_locked_versions_counts(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("openai==2.9.0\n")
    (tmp_path / "requirements-dev.txt").write_text("openai==2.54.0\n")
    assert upgrades.locked(tmp_path) == {"pypi:openai": OLD}


# -- the command --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "neither gate.yaml nor a lock file"),
        (["--from", "openai==2.54.0"], "locks no version of pypi:openai"),
        (["--from", "openai==2.54.0", "--to", "npm:openai@7.59.0"], "two packages"),
        (["--since", "HEAD", "--to", "openai==3.57.0"], "finds the versions itself"),
        (["--from", "openai>=2", "--to", "openai==3.57.0"], "no package at one version"),
    ],
)
def test_what_the_command_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(command, arguments)
    assert isinstance(result.exception, ConfigError)
    assert words in str(result.exception)


def test_where_no_version_differs_there_is_nothing_to_judge(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository)
    golden = Path(__file__).parent.parent / "golden" / "chat"
    result = CliRunner().invoke(command, ["--since", "HEAD", str(golden)], standalone_mode=False)
    assert (result.return_value, result.output) == (0, "no SDK's version differs from that of HEAD: nothing to judge\n")


def test_a_package_without_a_driver_is_an_error() -> None:
    with pytest.raises(ConfigError, match="no driver for pypi:requests"):
        environments.driver(Version("pypi", "requests", "2.0"))


def test_installers_and_drivers_see_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-x")
    monkeypatch.setenv("GATE_SDK_CACHE", "/cache")
    assert "OPENAI_API_KEY" not in environments.variables()
    assert "PATH" in environments.variables()
    assert environments.cache() == Path("/cache")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "cause: Because the current Python version (3.11.7) does not satisfy Python>=3.12 and a==2 depends on it",
            r"httpx==0.28.1 needs Python>=3.12, and this is Python 3\.",
        ),
        (
            "(3.11.7) does not satisfy all of:\n   Python>=3.12,<3.14.1\n   Python>3.14.1\nand networkx==3.7 depends on",
            r"needs Python>=3.12,<3.14.1, and this is Python 3\.",
        ),
        ("there is no version of openai==99.0", "does not install: there is no version of openai==99.0"),
    ],
)
def test_a_version_that_does_not_install_says_why(said: str, told: str) -> None:
    """What uv prints."""
    with pytest.raises(environments.UnusableError, match=told):
        environments._run((sys.executable, "-c", f"import sys; sys.exit({said!r})"), HTTPX)


@pytest.mark.parametrize(
    ("version", "never"),
    [(NEW, ("--only-binary", ":all:")), (Version("npm", "openai", "6.49.0"), ("--ignore-scripts", "--no-audit"))],
)
def test_nothing_of_a_package_runs_while_it_is_installed_and_all_lies_in_the_cache(
    version: Version, never: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[Sequence[str]] = []

    def run(command: Sequence[str], **options: Any) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        assert "shell" not in options
        if "venv" in command:
            Path(command[-1]).mkdir()
        if "--prefix" in command:
            _manifest(Path(command[command.index("--prefix") + 1]), "openai", {})
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setenv("GATE_SDK_CACHE", str(tmp_path))
    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(shutil, "which", lambda name, path=None: f"/bin/{name}")
    driver = environments.driver(version)
    install = next(command for command in commands if "install" in command)
    assert never in pairwise(install)
    assert install[-1] == version.requirement
    assert driver.folder.parent == tmp_path
    assert [path.name for path in tmp_path.iterdir()] == [driver.folder.name]
    places = [word for command in commands for word in command if word.startswith(str(tmp_path.parent))]
    assert places
    assert all(Path(word).is_relative_to(tmp_path) for word in places)


def _manifest(folder: Path, package: str, document: Any) -> None:
    path = folder / "node_modules" / package / "package.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(document))


@pytest.mark.parametrize(
    ("engines", "wanted"),
    [
        ({"node": ">=22.0.0"}, "22"),  # openai-node 7
        ({"node": ">= 22"}, "22"),
        ({"node": "^18.19.0 || ^20.12.0 || >=22"}, None),
        ({"node": "^22.1 || >=24 <27"}, "22"),
        ({"node": "<19"}, None),
        ({"node": "24.x"}, "24"),
        ({"node": "*"}, None),
        ({"node": 22}, "22"),
        ({"npm": ">=22"}, None),
        ([], None),
        (None, None),
    ],
)
def test_a_newer_node_is_had_where_the_package_wants_one(
    engines: Any, wanted: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environments, "_machine_major", lambda: 20)
    _manifest(tmp_path, "openai", {"engines": engines})
    assert environments._wanted(tmp_path, version_of("npm:openai@7.59.0")) == wanted


def test_both_versions_run_on_the_newer_node_that_one_wants(monkeypatch: pytest.MonkeyPatch) -> None:
    def made(version: Version, node: str | None) -> environments.Driver:
        wanted = node or ("22" if version.version.startswith("7") else None)
        return environments.Driver((str(version),), Path(), node=wanted)

    monkeypatch.setattr(judge_of_sdks, "driver", made)
    six, seven, other = (version_of(f"npm:openai@{version}") for version in ("6.49.0", "7.59.0", "6.48.0"))

    def nodes(before: Version, after: Version, node: str | None = None) -> list[Any]:
        return [getattr(one, "node", None) for one in judge_of_sdks._drivers(before, after, node)]

    assert nodes(six, seven) == nodes(seven, six) == ["22", "22"]
    assert nodes(six, other) == [None, None]
    assert nodes(six, seven, node="24") == ["24", "24"]
