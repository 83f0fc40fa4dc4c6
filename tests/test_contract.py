"""Contracts: what reviewers read of a golden, and the difference of two in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gate.cli._record import tell
from gate.contract.derive import derived_from
from gate.contract.difference import Change, change_lines, differences
from gate.contract.text import parse, write
from gate.errors import CassetteError
from gate.judge.pairing import observed
from gate.model import Ending, Exchange, Location
from gate.run.contract_file import read
from gate.run.record import Recording
from gate.store import cassette
from tests.rules_table import (
    HELLO,
    ROLE,
    USAGE,
    call,
    called,
    chunk,
    completion,
    embedded,
    none,
    plain,
    refusal,
    stream,
)  # fmt: skip
from tests.test_cli import gate

GOLDEN = Path(__file__).parent.parent / "golden"


def derived(*samples: Exchange) -> Mapping[str, Any]:
    """The contract of samples of one step."""
    numbered = [replace(one, scenario="s", sample=n) for n, one in enumerate(samples)]
    return parse(derived_from("s", numbered, observed(numbered)))


@pytest.mark.parametrize(
    ("samples", "facts"),
    [
        ([plain(completion())], {"status": 200, "media_type": "application/json", "usage": "in the body"}),
        ([plain(completion(usage=None))], {"usage": None}),
        ([stream(*HELLO)], {"events": "role content+ finish done", "media_type": "text/event-stream", "usage": None}),
        ([stream(*HELLO, chunk(choices=[], usage=USAGE))], {"usage": "own chunk after finish"}),
        ([stream(*HELLO[:3], chunk({}, "stop", usage=USAGE))], {"usage": "beside the last choices"}),
        ([stream(*(c | {"usage": USAGE} for c in HELLO))], {"usage": "in every chunk"}),
        (
            [stream(*HELLO[:2], chunk({"content": "a"}, usage=USAGE), chunk({}, "stop", usage=USAGE))],
            {"usage": "in more than one chunk"},
        ),
        ([plain(completion()), plain(completion(), status=201)], {"status": [200, 201]}),
        ([refusal(401, "authentication_error", "invalid_api_key")],
         {"status": 401, "error": {"type": '"authentication_error"', "code": '"invalid_api_key"', "param": "null"}}),
        ([plain({"error": {"message": "no"}}, status=400)],
         {"error": {"type": "absent", "code": "absent", "param": "absent"}}),
        ([plain(b"<html>", status=502)], {"error": "body of text"}),
        ([called(call())], {"tools": {"calls": "1", "names": ["get_weather"], "arguments": "JSON text"}}),
        ([called(call()), called(call(), call(id="call_2"))],
         {"tools": {"calls": "1..2", "names": ["get_weather"], "arguments": "JSON text"}}),
        ([called(call({"city": "Paris"}))], {"tools": {"calls": "1", "names": ["get_weather"], "arguments": "dict"}}),
        ([embedded([0.6, 0.8])], {"vectors": {"count": 1, "length": 2, "form": "numbers"}}),
        ([embedded("AAAAAAAAgD8=")], {"vectors": {"count": 1, "length": 2, "form": "base64"}}),
        ([embedded([0.6, 0.8], [1.0]), embedded(7)],
         {"vectors": {"count": [1, 2], "length": [0, 1, 2], "form": "numbers"}}),
        ([plain(completion(), headers={"x-request-id": "a", "x-made-up": "b"})],
         {"headers": ["content-type", "x-request-id"]}),
        ([stream(*HELLO, at=(10, 30, 50, 50, 50), total_ms=60.0)],
         {"timing": {"first_token_ms": {"p50": 30, "p95": 30}, "gap_ms": {"p50": 20, "p95": 20},
                     "total_ms": {"p50": 60, "p95": 60}, "chunks": 5}}),
        ([stream(*HELLO), stream(ROLE, *HELLO)], {"timing": {"chunks": "5..6"}}),
        ([plain(completion(id="a")), plain(completion(id="b"))], {"varies": ["id"]}),
        ([stream(*HELLO), stream(*HELLO[:2], HELLO[2], HELLO[2], HELLO[3])],
         {"varies": ["choices[].message.content", "chunk boundaries"]}),
        ([plain(completion())], {"varies": None}),
    ],
)  # fmt: skip
def test_what_a_contract_says(samples: Sequence[Exchange], facts: Mapping[str, Any]) -> None:
    found = derived(*samples)
    assert {name: found.get(name) for name in facts} == facts


@pytest.mark.parametrize(
    ("samples", "path", "said"),
    [
        ([plain(completion())], "choices[].finish_reason", "string {stop}, always"),
        ([plain(completion()), plain(completion(finish="length"))], "choices[].finish_reason", "string {length, stop}, always"),
        ([plain(completion()), plain(completion(extra=1))], "extra", "integer, 1/2"),
        ([plain(completion(x=None)), plain(completion(x=1.5))], "x", "null|number, always"),
        ([stream(*HELLO)], "choices[].delta.role", "string {assistant}, sometimes"),
        ([stream(*HELLO)], "choices[].finish_reason", "null|string {stop}, always"),
        ([plain(completion(status=str(n))) for n in range(7)], "status", "string, always"),
    ],
)  # fmt: skip
def test_how_a_field_reads(samples: Sequence[Exchange], path: str, said: str) -> None:
    assert derived(*samples)["fields"][path] == said


def test_several_steps_stand_in_order() -> None:
    later = replace(called(call()), scenario="s", step=1)
    first = replace(plain(completion()), scenario="s")
    found = parse(derived_from("s", [later, first], observed([later, first])))
    assert [("tools" in step, step["status"]) for step in found["steps"]] == [(False, 200), (True, 200)]
    assert found["samples"] == 1


def test_no_answer_is_no_contract() -> None:
    lost = replace(none(Ending.RESET), location=Location("golden/s/cassette.yaml", 3))
    with pytest.raises(CassetteError, match="no exchange has a response") as caught:
        derived_from("s", [lost], observed([lost]))
    assert caught.value.where == "golden/s/cassette.yaml"


def test_the_contracts_of_this_repository_are_those_of_their_cassettes() -> None:
    for name, path in cassette.scan(GOLDEN).items():
        loaded = cassette.load(path)
        text = derived_from(name, loaded.exchanges, observed(loaded.exchanges), str(loaded.facts.get("group", "")))
        assert text == path.with_name("contract.yaml").read_text("utf-8"), name


# -- differences --------------------------------------------------------------------------------

PLAIN = derived(plain(completion()))


@pytest.mark.parametrize(
    ("candidate", "lines"),
    [
        (plain(completion(id="other")), []),
        (plain(completion(extra=1)), [Change("`extra`", "-", "integer, always")]),
        (plain(completion(usage=None)), [
            Change("usage", "in the body", "none"), Change("`usage`", "object with 3 fields, always", "null, always"),
        ]),
        (plain(completion(timings={"a": 1, "b": {"c": 2}, "d": [{"e": 3}]})),
         [Change("`timings`", "-", "object with 5 fields, always")]),
        (plain(completion(tags=["a"])), [Change("`tags`", "-", "array, always")]),
        (plain({k: v for k, v in completion().items() if k != "usage"}),
         [Change("usage", "in the body", "none"), Change("`usage`", "object with 3 fields, always", "-")]),
        (plain(completion(finish="length")),
         [Change("`choices[].finish_reason`", "string {stop}, always", "string {length}, always")]),
        (plain(completion(), headers={"content-type": "text/plain"}),
         [Change("media type", "application/json", "text/plain")]),
    ],
)  # fmt: skip
def test_differences_in_words(candidate: Exchange, lines: list[Change]) -> None:
    assert differences(PLAIN, derived(candidate)) == lines


def test_what_is_below_a_kept_object_has_its_own_line() -> None:
    before = {"fields": {"a": "object, always", "a.b": "string {object}, always", "a.c": "null|object, 1/2"}}
    after = {"fields": {"a": "object, always", "a.c": "object, always", "a.c.d": "integer, always"}}
    assert differences(before, after) == [
        Change("`a.b`", "string {object}, always", "-"),
        Change("`a.c`", "null|object, 1/2", "object, always"),
        Change("`a.c.d`", "-", "integer, always"),
    ]
    assert differences({"fields": {"a": "string {object}"}}, {"fields": {"a": "object", "a.b": "null"}}) == [
        Change("`a`", "string {object}", "object with 1 field")
    ]


def test_headers_say_what_is_gone_and_what_is_new() -> None:
    gone, new = Change("the header a", "present", "-"), Change("the header c", "-", "present")
    before, after = {"headers": ["a", "b"]}, {"headers": ["b", "c"]}
    assert differences(before, after) == [gone, new]
    assert differences({}, after) == [Change("the header b", "-", "present"), new]


HOSTILE = "a\n::error::pwn\u009b31m\u202e"


def test_what_several_scenarios_share_is_said_once_and_safe_to_print() -> None:
    status, field = Change("status", "200", "201"), Change(f"`{HOSTILE}`", "-", "string, always")
    assert list(change_lines({"b": [field, status], "a": [status], "c": [field, status]})) == [
        "in 3 scenarios: a, b, c",
        "  status  200  → 201",
        "in 2 scenarios: b, c",
        "  `a\\n::error::pwn\\x9b31m\\u202e`  -  → string, always",
    ]


def test_differences_of_several_steps_name_the_step() -> None:
    two = {"steps": [PLAIN, {**PLAIN, "status": 201}]}
    assert differences({"steps": [PLAIN, PLAIN]}, two) == [Change("step 1: status", "200", "201")]
    assert differences(PLAIN, two) == [Change("steps", "1", "2")]
    tools = derived(called(call()), called(call(), call(id="c2")))
    assert differences(PLAIN, tools)[0] == Change("tools", "none", "calls 1..2, names get_weather, arguments JSON text")


@pytest.mark.parametrize(
    "text",
    [
        *("[1]", "a: [", "fields: [1]", "steps: [1]", "steps: [{params: x}]", "\0", "a: &a [*a", "[" * 3000),
        *("{}", "steps: []", "scenario: chat", "{status: 200, 1: a}", "fields: {on: string}"),
        "status: 200\nfields: {a: {true: x}}",
        "tools: &a {b: *a}",
    ],
)
def test_what_is_no_contract_is_said(text: str, tmp_path: Path) -> None:
    path = tmp_path / "contract.yaml"
    path.write_text(text)
    with pytest.raises(CassetteError) as caught:
        read(path)
    file, _, line = caught.value.where.partition(f"{path}")
    assert (file, line in ("", ":1", ":2"), bool(caught.value.fix)) == ("", True, True)
    with pytest.raises(CassetteError, match="can't be read"):
        read(tmp_path / "missing.yaml")


def test_contract_diff_of_files_and_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for folder, names in (("a", ("chat", "gone")), ("b", ("chat", "new"))):
        for name in names:
            Path(folder, name).mkdir(parents=True)
            status = 201 if (folder, name) == ("b", "chat") else 200
            Path(folder, name, "contract.yaml").write_text(f"scenario: {name}\nstatus: {status}\n")
    found = gate("contract", "diff", "a", "b")
    assert (found.exit_code, found.output) == (
        1, "chat\n  status  200  → 201\ngone\n  golden  recorded  → -\nnew\n  golden  -  → recorded\n3 of 3 contracts differ\n",
    )  # fmt: skip
    assert gate("contract", "diff", "a/chat/contract.yaml", "b/chat/contract.yaml").exit_code == 1
    assert gate("contract", "diff", "a", "a").output == "the contracts do not differ\n"
    assert gate("contract", "diff", "a", "nowhere").exit_code == 2


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two golden folders, and an empty one; `b` drifts in a field with a hostile name."""
    monkeypatch.chdir(tmp_path)
    Path("none").mkdir()
    for folder, fields in (("a", {}), ("b", {HOSTILE: "string, always"})):
        for name in ("chat", "tool-forced"):
            Path(folder, name).mkdir(parents=True)
            text = write({"scenario": name, "status": 200, "fields": fields})
            Path(folder, name, "contract.yaml").write_text(text, "utf-8")
    return tmp_path


def test_a_hostile_field_fires_nothing(two: Path) -> None:
    found = gate("contract", "diff", "a", "b")
    assert (found.exit_code, found.output.splitlines()) == (1, [
        "in 2 scenarios: chat, tool-forced",
        "  `a\\n::error::pwn\\x9b31m\\u202e`  -  → string, always",
        "2 of 2 contracts differ",
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("golden", "candidate", "code", "said"),
    [
        ("none", "none", 2, "nothing was compared"),
        ("a/chat/contract.yaml", "none", 2, "no contract of the scenario chat"),
        ("none", "a/chat/contract.yaml", 2, "no contract of the scenario chat"),
        ("a/chat/contract.yaml", "a", 0, "the contracts do not differ"),
        ("a/chat/contract.yaml", "b", 1, "1 of 1 contracts differ"),
        ("a", "b/chat/contract.yaml", 1, "1 of 1 contracts differ"),
        ("a/chat", "b/chat/contract.yaml", 1, "1 of 1 contracts differ"),
        ("a/chat", "b/chat", 1, "1 of 1 contracts differ"),
        ("a/chat", "b", 1, "1 of 1 contracts differ"),
        ("a", "none", 1, "2 of 2 contracts differ"),
    ],
)
def test_what_is_compared_with_what(two: Path, golden: str, candidate: str, code: int, said: str) -> None:
    found = gate("contract", "diff", golden, candidate)
    assert (found.exit_code, said in found.output) == (code, True), found.output


def test_two_files_that_say_nothing_are_refused(two: Path) -> None:
    Path("x.yaml").write_text("{}")
    found = gate("contract", "diff", "x.yaml", "x.yaml")
    assert (found.exit_code, "it has no field that describes an answer" in found.output) == (2, True)


def test_what_a_remote_says_of_itself_fires_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    said = {"chat": HOSTILE}
    assert tell(Recording({}, said, said, said, (HOSTILE,)), "wrote") == 3
    assert capsys.readouterr().out.count("a\\n::error::pwn\\x9b31m\\u202e\n") == 4
