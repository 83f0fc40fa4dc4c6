"""`gate explain`: the request again as a command, the page of a rule, the bytes side by side."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from gate.explain.curl import curl, variables
from gate.explain.side_by_side import side_by_side
from gate.model import Area, Auth, Ending, Exchange, Finding, Headers, Location, Report, Request, Response, Route
from gate.redact.scrub import Scrubber
from gate.reports.json import render
from gate.store import cassette
from gate.wire import form
from tests.report_samples import DRIFTING, finding
from tests.rules_table import HELLO, completion, none, plain, stream
from tests.test_cli import gate, put

URL = "https://gateway.test/v1/chat/completions"
GOLDEN = Path(__file__).parent.parent / "golden"
VALUES = {"CANDIDATE_API_KEY": "the-key", "API_KEY": "the-key", "TEAM": "the-team", "X_TEAM": "a b", "X": "the-x"}


def sent(*headers: tuple[str, str], url: str = URL, method: str = "POST", body: bytes | None = b"{}") -> Request:
    return Request(method, url, headers, body)


def arguments(command: str) -> list[bytes]:
    """What curl would be given by a shell, in which the variables are set."""
    script = 'curl() { printf "%s\\0" "$@"; }\n' + command
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, check=True, env=VALUES | {"PATH": "/bin:/usr/bin"}
    )
    return done.stdout.split(b"\0")[:-1]


def given(command: str, option: str) -> list[str]:
    found = [one.decode() for one in arguments(command)]
    return [value for name, value in pairwise(found) if name == option]


@pytest.mark.parametrize(
    ("auth", "headers", "query", "found"),
    [
        (Auth(), {}, {}, {"authorization": "CANDIDATE_API_KEY"}),
        (Auth("header", "X"), {}, {}, {"x": "CANDIDATE_API_KEY"}),
        (Auth("query", "Key"), {}, {}, {"Key": "CANDIDATE_API_KEY"}),
        (Auth("none"), {"X-Team": "${TEAM:-search}", "a": "b"}, {"v": "${V}", "w": "x${V}"}, {"x-team": "TEAM", "v": "V"}),
    ],
)  # fmt: skip
def test_which_variable_fills_what(
    auth: Auth, headers: Mapping[str, str], query: Mapping[str, str], found: Mapping[str, str]
) -> None:
    route = Route("candidate", URL, "CANDIDATE_API_KEY", headers=headers, query=query, auth=auth)
    assert variables(route) == found
    assert "authorization" not in variables(replace(route, api_key_env=None))


@pytest.mark.parametrize(
    ("headers", "known", "said"),
    [
        ((("authorization", "Bearer ********"),), {"authorization": "CANDIDATE_API_KEY"},
         ["authorization: Bearer the-key"]),
        ((("Authorization", "Bearer sk-live-of-another-recorder"),), {}, ["Authorization: Bearer the-key"]),
        ((("authorization", "REDACTED"),), {}, ["authorization: Bearer the-key"]),
        ((("authorization", "*******"),), {}, ["authorization: the-key"]),
        ((("authorization", "Bearer sk-bad-0000"),), {"authorization": "X"}, ["authorization: Bearer sk-bad-0000"]),
        ((("x", "sk-bad-0000"),), {"x": "CANDIDATE_API_KEY"}, ["x: sk-bad-0000"]),
        ((("x", "***"),), {"x": "CANDIDATE_API_KEY"}, ["x: the-key"]),
        ((("x", "***"),), {"x": "$(id)"}, ["x: the-x"]),
        ((("x-team", "******"), ("0", "*")), {"0": "TEAM"}, ["x-team: a b", "0: the-team"]),
        ((("api-key", "search"),), {}, ["api-key: the-key"]),
        ((("x-team", "search"),), {"x-team": "TEAM"}, ["x-team: the-team"]),
        ((("content-type", "application/json"), ("openai-beta", "it's")), {},
         ["content-type: application/json", "openai-beta: it's"]),
        ((("Host", "a"), ("Content-Length", "2"), ("accept-encoding", "identity"), ("@/etc/passwd", "x")), {}, []),
        ((("accept-encoding", "gzip"),), {}, ["accept-encoding: gzip"]),
        ((), {"authorization": "CANDIDATE_API_KEY"}, []),
    ],
)  # fmt: skip
def test_headers_of_the_request_again(headers: Headers, known: Mapping[str, str], said: Sequence[str]) -> None:
    command = curl(sent(*headers), known)
    assert given(command, "-H") == said
    assert not any(secret in command for secret in ("the-key", "of-another-recorder", "search"))


@pytest.mark.parametrize(
    ("url", "known", "said"),
    [
        (URL, {}, URL),
        (f"{URL}?a=it's&b", {}, f"{URL}?a=it's&b"),
        (f"{URL}?api-version=1&key=****", {"key": "CANDIDATE_API_KEY"}, f"{URL}?api-version=1&key=the-key"),
        (f"{URL}?team=****&a=$(id)", {"team": "TEAM"}, f"{URL}?team=the-team&a=$(id)"),
        (f"{URL}?api_key=of-another-recorder", {}, f"{URL}?api_key=the-key"),
        (f"{URL}?key=sk-bad-0000", {"key": "CANDIDATE_API_KEY"}, f"{URL}?key=sk-bad-0000"),
        ("-K/tmp/x", {}, "-K/tmp/x"),
    ],
)
def test_the_url_of_the_request_again(url: str, known: Mapping[str, str], said: str) -> None:
    values = known if "api_key" not in url else {"api_key": "API_KEY"}
    command = curl(sent(url=url), values)
    assert given(command, "--url") == [said]
    assert "of-another-recorder" not in command


@pytest.mark.parametrize(
    "method", ["POST; touch /tmp/pwned #", "$(id)", "GET\n::error::x", "'", "P\u202eT", "##[error]"]
)
def test_no_method_runs(method: str) -> None:
    command = curl(sent(method=method), {})
    assert given(command, "-X") == [method]
    assert (command.isprintable(), "##" in command) == (True, False)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": "it\'s"}',
        b'{"a":\n::error::pwn\n"b"}',
        b"\xff\xfe\x80abc",
        "\u202e\u009b31m \\x41 é ##[error]x".encode(),
        b"@/etc/passwd",
        b"",
    ],
)  # fmt: skip
def test_every_body_goes_out_as_it_was_on_one_line(body: bytes) -> None:
    command = curl(sent(body=body), {})
    found = arguments(command)
    assert found[found.index(b"--data-raw") + 1] == body
    assert (command.isprintable(), "##" in command) == (True, False)


def test_a_request_without_a_body_sends_none() -> None:
    assert arguments(curl(sent(method="GET", body=None), {}))[-2:] == [b"--url", URL.encode()]


def test_a_body_that_no_argument_holds_comes_from_a_pipe() -> None:
    command = curl(sent(body=b"a\0\n%"), {}).replace("curl ", "take ", 1)
    script = 'take() { for last; do :; done; cat "${last#@}"; }\n' + command
    assert subprocess.run(["bash", "-c", script], capture_output=True, check=True).stdout == b"a\0\n%"


FORM = (("model", "", b"it's"), ("file", "a'\\b.wav", b"RI\xff\0F\n"), ("nul", "", b"a\0b"))


def test_a_form_goes_out_field_by_field() -> None:
    request = sent(("Content-Type", form.CONTENT_TYPE), ("x", "y"), body=form.written(FORM))
    command = curl(request, {})
    assert (command.isprintable(), "##" in command) == (True, False)
    # no file of the reader's disk: what `-F` reads comes from the command itself
    script = (
        'curl() { for one; do case "$one" in file=@*|nul=\\<*) at="${one%%;*}"; cat "${at#*[@<]}";'
        ' printf "|%s|" "${one#"$at"}";; *) printf "%s\\n" "$one";; esac; done; }\n'
    )
    told = subprocess.run(["bash", "-c", script + command], capture_output=True, check=True).stdout
    assert b"--form-string\nmodel=it's\n-F\nRI\xff\0F\n|;filename=\"a'\\\\b.wav\";type=audio/wav|-F\na\0b||" in told
    assert b"content-type" not in told.lower()


def test_a_body_that_is_no_form_is_sent_as_it_is() -> None:
    command = curl(sent(("content-type", "multipart/form-data"), body=b"--x"), {})
    assert given(command, "--data-raw") == ["--x"]
    assert given(command, "-H") == ["content-type: multipart/form-data"]


def test_the_bad_key_and_no_key_are_sent_again() -> None:
    bad = cassette.load(GOLDEN / "error-bad-key" / "cassette.yaml").exchanges[0].request
    assert "authorization: Bearer sk-bad-0000" in given(curl(bad, {"authorization": "CANDIDATE_API_KEY"}), "-H")
    none = replace(bad, headers=tuple(pair for pair in bad.headers if pair[0] != "authorization"))
    assert "authorization" not in curl(none, {"authorization": "CANDIDATE_API_KEY"})


# -- the command --------------------------------------------------------------------------------


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def of(*findings: object, **candidate: object) -> Report:
    return replace(DRIFTING, findings=findings, candidate=candidate, lead="")  # type: ignore[arg-type]


def kept(here: Path, *findings: object, **candidate: object) -> str:
    """The file of a report with these findings."""
    Path("r.json").write_text(render(of(*findings, **candidate)), "utf-8")
    return "r.json"


def asked(exchange: Exchange, *headers: tuple[str, str]) -> Exchange:
    request = replace(exchange.request, headers=(*exchange.request.headers, *headers))
    return Scrubber().scrub(replace(exchange, request=request))


def test_the_variable_is_that_of_the_finding_s_route(here: Path) -> None:
    found = asked(plain(completion(finish="end_turn")), ("authorization", "Bearer abcdefgh"), ("x-team", "search"))
    put(here / "golden", chat=plain(completion()))
    put(here / "candidate", chat=found)
    places = {
        "golden_location": Location("golden/chat/cassette.yaml"),
        "location": Location("candidate/chat/cassette.yaml"),
    }
    one = replace(finding(scenario="chat"), **places)  # type: ignore[arg-type]
    routes = {"a": {"variables": {"authorization": "KEY_A"}}, "b": {"variables": {"authorization": "KEY_B"}}}
    both = [replace(one, route=name, scenario=f"{name}/chat") for name in routes]
    shown = gate("explain", one.fingerprint, "--from", kept(here, *both, routes=routes))
    told = [text for text in shown.output.splitlines() if text.startswith("  curl ")]
    assert ['"authorization: Bearer $KEY_A"' in told[0], '"authorization: Bearer $KEY_B"' in told[1]] == [True, True]
    assert all('"x-team: $X_TEAM"' in text for text in told)
    Path("gate.yaml").write_text(
        "version: 1\nroutes: {c: {base_url: 'https://c.test', api_key_env: KEY_C, headers: {x-team: '${TEAM}'}}}\n"
    )
    shown = gate("explain", one.fingerprint, "--from", kept(here, one, route="c"))
    assert '"authorization: Bearer $KEY_C" -H "x-team: $TEAM"' in shown.output
    shown = gate("explain", one.fingerprint, "--from", kept(here, one, route="c", variables={"authorization": "KEY_D"}))
    assert '"authorization: Bearer $KEY_D" -H "x-team: $TEAM"' in shown.output


@pytest.mark.parametrize("rule", ["../../../../tmp/secret", "a/b", "A", "finish-reason-changed\n", ""])
def test_what_is_no_id_of_a_rule_is_no_report(here: Path, rule: str) -> None:
    Path("r.json").write_text(render(of(finding(rule=rule))))
    result = gate("explain", finding(rule=rule).fingerprint, "--from", "r.json")
    assert (result.exit_code, "not a report: $.findings[0].rule" in result.output) == (2, True)


def test_a_rule_of_another_gate_has_no_page(here: Path) -> None:
    other = finding(rule="made-up")
    result = gate("explain", other.fingerprint, "--from", kept(here, other))
    assert (result.exit_code, "breaking[made-up]" in result.output, "## " in result.output) == (0, True, False)


@pytest.mark.parametrize(
    ("start", "code", "said"),
    [
        ("", 2, ["3 findings start with ''", "\n  aa1  finish-reason-changed  chat", "\n  b  ", "\n  bb  "]),
        ("a", 0, ["id aa1"]),
        ("aa1", 0, ["id aa1"]),
        ("b", 0, ["id b;"]),
        ("c", 2, ["no finding c in it"]),
    ],
)
def test_an_id_names_one_finding(here: Path, start: str, code: int, said: Sequence[str]) -> None:
    found = [replace(finding(scenario="chat"), fingerprint=name) for name in ("aa1", "aa1", "b", "bb")]
    result = gate("explain", start, "--from", kept(here, *found))
    assert (result.exit_code, [text for text in said if text not in result.output]) == (code, [])


def test_an_ambiguous_id_lists_what_it_may_mean(here: Path) -> None:
    found = [replace(finding(scenario="chat\n::error::x"), fingerprint=f"ab{n:02}") for n in range(23)]
    result = gate("explain", "ab", "--from", kept(here, *found))
    assert result.exit_code == 2
    assert "\n  ab19  finish-reason-changed  chat\\n::error::x\n  … and 3 more" in result.output


def test_a_finding_of_latency_shows_when_its_events_came(here: Path) -> None:
    put(here / "golden", chat=stream(*HELLO, at=(310.0, 320.0, 331.0, 340.0, 341.0)))
    put(here / "candidate", chat=stream(*HELLO, at=(900.0,) * 5))
    places = {
        "golden_location": Location("golden/chat/cassette.yaml"),
        "location": Location("candidate/chat/cassette.yaml"),
    }
    late = replace(finding("stream-buffered", "latency", scenario="chat", path="timing.spread"), **places)  # type: ignore[arg-type]
    shown = gate("explain", late.fingerprint, "--from", kept(here, late))
    assert "when it came, in ms after the request was sent:" in shown.output
    assert "  text                   331          11             900           0" in shown.output
    assert "│" not in shown.output, "the bytes are the same"
    other = replace(late, area="stream", path="events")
    assert "when it came" not in gate("explain", other.fingerprint, "--from", kept(here, other)).output


# -- side by side -------------------------------------------------------------------------------


def raw(body: bytes, **headers: str) -> Exchange:
    found = plain(completion())
    response = Response(200, "OK", tuple({"content-type": "application/json", **headers}.items()), body)
    return replace(found, response=response)


BODY = json.dumps(completion()).encode()


@pytest.mark.parametrize(
    ("golden", "candidate", "path", "area", "byte", "said"),
    [
        (BODY, b" \n" + BODY, "body", "transport", 0, [f"> byte 0 of {len(BODY) + 2}", "     \\n", '    {"id": "chatcmpl-1"']),
        (BODY, BODY.replace(b'"usage": {', b'"usage": {}, "usage": {'), "usage", "schema", None, ['"usage": {}, "usage": {']),
        (BODY.replace(b": 12}", b": 12.0}"), BODY.replace(b": 12}", b": 1.20e1}"), "usage.total_tokens", "usage", None,
         ['"total_tokens": 1.20e1']),
        (BODY, BODY.replace(b"12}", b"13}"), "usage.total_tokens", "usage", None, ['>   "total_tokens": 13']),
        (BODY, BODY.replace(b"Hello.", b"Hel\xffo"), "body", "transport", None, ["    \\xffo"]),
        (b'oops "usage": 1, "usage": 2', b'oops "usage": 1, "usage": 3', "usage", "transport", None, ["> byte 5 of 27"]),
        (BODY.replace(b"H", b"\xc3\xa4"), BODY.replace(b"H", b"\xc3\xb6"), "body", "transport", None, ["    \u00f6ello."]),
    ],
)  # fmt: skip
def test_what_parsed_values_hide_is_shown_as_it_came(
    golden: bytes, candidate: bytes, path: str, area: str, byte: int | None, said: Sequence[str]
) -> None:
    one = replace(finding(path=path), area=area, location=Location(byte=byte))  # type: ignore[arg-type]
    lines = [text.partition("│")[2] for text in side_by_side(one, raw(golden), raw(candidate), 200)]
    assert [text for text in said if not any(text in row for row in lines)] == []


def columns(one: Finding, golden: Exchange, candidate: Exchange) -> list[list[str]]:
    rows = [text.split("│") for text in side_by_side(one, golden, candidate, 200)]
    return [[row[side].strip() for row in rows if len(row) == 2] for side in (0, 1)]


@pytest.mark.parametrize(
    ("area", "place", "golden", "candidate"),
    [
        ("transport", Location(), ["> byte 218 of 826", "\\n"], ["> byte 218 of 836", "\\r\\n"]),
        ("transport", Location(frame=2), ["> byte 422 of 826"], ["> byte 426 of 836"]),
        ("transport", Location(frame=99), ["data: [DONE]\\n"], ["data: [DONE]\\r\\n"]),
        ("stream", Location(frame=2), ["> frame 4, byte 812"], ["> frame 2, byte 426"]),
    ],
)
def test_a_stream_shows_frames_and_where_bytes_drift_those(
    area: Area, place: Location, golden: Sequence[str], candidate: Sequence[str]
) -> None:
    one = replace(finding(path="frames"), area=area, location=place)
    ours = stream(*HELLO)
    assert ours.response
    theirs = replace(ours, response=replace(ours.response, body=ours.response.body.replace(b"\n", b"\r\n")))
    left, right = columns(one, ours, theirs)
    assert (set(golden) - set(left), set(candidate) - set(right)) == (set(), set())


def test_nothing_came_and_nothing_is_hidden() -> None:
    one = replace(finding(path="body"), area="transport")
    left, right = columns(one, plain(completion()), none(Ending.RESET))
    assert (left[1], right[1].startswith("no response: reset")) == ("HTTP 200 application/json", True)


def test_a_page_shows_its_lines_and_a_lost_path_what_is_nearest() -> None:
    one = replace(finding(path="usage.details.cached"), area="usage")
    page = Response(502, "", (("content-type", "text/html"),), b"<html>\n::error::x\n")
    left, right = columns(one, plain(completion()), replace(plain(completion()), response=page))
    assert left[2:4] == ["usage", "{"]
    assert right[1:4] == ["HTTP 502 text/html", "<html>", ": :error::x"]
