"""What may become a golden and what may not, and what stays true when goldens come from several days."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from gate import suite
from gate.model import Exchange
from gate.store import cassette
from tests.provider import Provider
from tests.test_cli import gate
from tests.test_record import CONFIG, answering, goldens, on, team

__all__ = ["team"]
BUILTIN = Path(suite.__file__).parent


def breaking_off(found: Exchange) -> Exchange:
    if not found.response or not found.response.body.startswith(b"data:"):
        return found
    return replace(found, response=replace(found.response, body=found.response.body[:700].rpartition(b"data:")[0]))


FAILURES = [
    (answering(200, b"<html>Sign in</html>", "/embeddings"), "embed", "200 without an answer of the API: <html>"),
    (answering(200, b'{"status":"ok"}', "/embeddings"), "embed", "200 without an answer of the API"),
    (answering(200, b'{"error":{"message":"You exceeded your quota"}}', "/embeddings"), "embed", "200 with an error"),
]


@pytest.mark.parametrize(("mutate", "name", "why"), FAILURES)
def test_a_failure_behind_a_success_is_no_golden(team: Path, mutate: Any, name: str, why: str) -> None:
    result = on(Provider(mutate=mutate), "record")
    assert result.exit_code == 3
    assert f"refused     {name}: step 0 answered {why}" in result.output
    assert not (team / "golden" / name).exists()
    assert (team / "golden/chat/contract.yaml").is_file()


def test_a_stream_that_ends_in_the_middle_at_times_is_no_golden(team: Path) -> None:
    answers = count()

    def now_and_then(found: Exchange) -> Exchange:
        streamed = found.response is not None and found.response.body.startswith(b"data:")
        return breaking_off(found) if streamed and next(answers) else found

    result = on(Provider(mutate=now_and_then), "record", "-s", "chat-stream")
    assert (result.exit_code, "with a stream that ends in the middle" in result.output) == (3, True)
    result = on(Provider(mutate=breaking_off), "record", "-s", "chat-stream")  # the way of this route
    assert result.exit_code == 0


TOO_LONG = {"message": "Too long.", "code": "context_length_exceeded"}


def failing(found: Exchange, why: Any = TOO_LONG) -> Exchange:
    """A stream that fails, whatever was asked for."""
    body = b"data: " + json.dumps({"error": why}).encode() + b"\n\n"
    if found.response is None or b'"stream"' not in (found.request.body or b""):
        return found
    return replace(found, response=replace(found.response, body=body), chunks=())


def test_a_stream_that_fails_is_a_golden_where_a_failure_is_asked_for(team: Path) -> None:
    asked_to_fail(team)
    result = on(Provider(mutate=failing), "record")
    assert (result.exit_code, "refused     chat-stream: step 0 answered 200 with an error" in result.output) == (
        3,
        True,
    )
    assert (team / "golden/failing/contract.yaml").is_file()
    assert not (team / "golden/chat-stream").exists()
    assert on(Provider(mutate=failing), "check", "-s", "failing").exit_code == 0
    assert "stream-error-lost" in on(Provider(), "check", "-s", "failing").output


# ER06: what the upstream says in the middle of a stream, whatever was sent
PASSING = [
    {"message": "Rate limit reached for requests", "type": "requests", "code": "rate_limit_exceeded"},
    {"message": "Provider returned error", "code": 429},
    {"message": "Provider disconnected", "code": "502"},
    {"message": "The server had an error", "type": "server_error", "code": None},
    {"message": "You exceeded your current quota", "type": "insufficient_quota"},
    {"type": "overloaded_error", "message": "Overloaded"},
    {"message": "Too many requests"},
    {"message": "Incorrect API key provided: sk-good-0001", "type": "authentication_error"},
]


@pytest.mark.parametrize("why", PASSING)
def test_a_stream_that_fails_for_the_route_alone_is_no_golden(team: Path, why: Any) -> None:
    asked_to_fail(team)
    result = on(Provider(mutate=lambda found: failing(found, why)), "record", "-s", "failing")
    assert "refused     failing: step 0 answered 200 with an error" in result.output
    assert "sk-good-0001" not in result.output
    assert (result.exit_code, (team / "golden/failing").exists()) == (3, False)


OF_THE_REQUEST = [
    TOO_LONG,
    {"type": "invalid_request_error", "message": "5000 tokens are too many: the rate limit of no tier takes them"},
    {"message": "This model's maximum context length is 128000 tokens."},
    {"type": "exceed_context_size_error", "code": 400, "message": "the request exceeds the context"},
]


@pytest.mark.parametrize("why", OF_THE_REQUEST)
def test_a_stream_that_fails_for_its_request_is_a_golden(team: Path, why: Any) -> None:
    asked_to_fail(team)
    assert on(Provider(mutate=lambda found: failing(found, why)), "record", "-s", "failing").exit_code == 0
    assert (team / "golden/failing/contract.yaml").is_file()


def asked_to_fail(team: Path) -> None:
    """A streamed scenario of the group errors, beside one that is none."""
    (team / "gate.yaml").write_text(CONFIG.replace("[minimal]", "[chat-stream, failing.yaml]"))
    scenario = (
        (BUILTIN / "stream/chat-stream.yaml").read_text().replace("chat-stream", "failing").replace("twin: chat\n", "")
    )
    (team / "failing.yaml").write_text(scenario.replace("group: stream", "group: errors"))


def test_what_is_no_proof_is_refused_before_a_request_is_paid_for(team: Path) -> None:
    on(Provider(), "record")
    (team / "golden/proof.json").write_text("{}")
    asked: list[Exchange] = []

    def counted(found: Exchange) -> Exchange:
        asked.append(found)
        return found

    result = on(Provider(mutate=counted), "check")
    assert (result.exit_code, "gate prove --write" in result.output, asked) == (2, True, [])


def test_an_endpoint_that_is_gone_is_no_quiet_change(team: Path) -> None:
    on(Provider(), "record")
    before = goldens(team)
    lacking = Provider(mutate=answering(404, b'{"error":{"message":"Invalid URL"}}', "/embeddings"))
    result = on(lacking, "record", "--mode", "all")
    assert (result.exit_code, "`gate refresh --write` would remove its golden" in result.output) == (3, True)
    assert "golden/embed/cassette.yaml" in goldens(team)
    result = on(lacking, "refresh")
    assert (result.exit_code, "embed\n  golden  recorded  → no longer served" in result.output) == (1, True)
    assert on(lacking, "refresh", "--write").exit_code == 0
    assert "golden/embed/cassette.yaml" not in goldens(team)
    (kept,) = (team / ".gate/replaced").iterdir()
    assert (kept / "embed/cassette.yaml").read_bytes() == before["golden/embed/cassette.yaml"]
    assert gate("verify").exit_code == 0
    assert on(lacking, "check").exit_code == 0
    shutil.copytree(kept / "embed", team / "golden/embed")
    assert (gate("verify").exit_code, "remove one of the two" in gate("verify").output) == (2, True)


def test_goldens_of_several_days_keep_their_own_ids_and_the_oldest_date(team: Path) -> None:
    on(Provider(), "record", "-s", "chat")
    stored = team / "golden/chat/cassette.yaml"
    today = cassette.load(stored).facts["date"]
    stored.write_text(stored.read_text().replace(str(today), "2020-01-31"))
    on(Provider(), "record")  # the others
    ids = {request_ids(team / f"golden/{name}/cassette.yaml") for name in ("chat", "embed")}
    report = json.loads(on(Provider(), "check", "--report", "json").output)
    assert report["golden"]["date"] == "2020-01-31"
    assert any("days old" in note for note in report["notes"])
    sent = {request_ids(team / f".gate/candidate/{name}/cassette.yaml") for name in ("chat", "embed")}
    assert {one[:1] for one in ids} == {one[:1] for one in sent}


def request_ids(path: Path) -> tuple[str, ...]:
    found = [dict(e.request.headers) for e in cassette.load(path).exchanges]
    return tuple({name.lower(): value for name, value in headers.items()}["x-request-id"] for headers in found)


# -- a candidate that is none -------------------------------------------------------------------


def test_a_route_that_is_down_leaves_its_own_verdict(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on(Provider(), "record")
    drifting = Provider(mutate=answering(400, b'{"error":{"message":"no"}}', "/embeddings"))
    assert on(drifting, "check").exit_code == 1
    monkeypatch.setenv("BASE", "http://127.0.0.1:9/v1")
    result = gate("check", "--report", "json:down.json", "--report", "junit:down.xml")
    assert (result.exit_code, "connection refused" in result.output) == (3, True)
    report = json.loads((team / "down.json").read_text())
    assert (report["verdict"], report["findings"]) == ("incomplete", [])
    assert {s["status"] for s in report["scenarios"]} == {"incomplete"}
    assert "<error" in (team / "down.xml").read_text()
    assert gate("diff", "golden", ".gate/candidate").exit_code == 3
    (team / "gate.yaml").write_text((team / "gate.yaml").read_text().replace("${BASE}", "http://127.0.0.1:9/v1/v1"))
    assert gate("check").exit_code == 2
    assert gate("diff", "golden", ".gate/candidate").exit_code != 1  # nothing of the run before


@pytest.mark.parametrize(
    ("complete", "status"),
    [(True, "skipped"), (False, "pass")],
)
def test_a_client_that_had_no_time_to_leave_has_shown_nothing(team: Path, complete: bool, status: str) -> None:
    suite = ("--suite", "client-cancels", "--suite", "chat")
    assert on(Provider(gap_ms=100), "record", *suite).exit_code == 0
    result = on(Provider(mutate=in_one_chunk if complete else None, gap_ms=100), "check", *suite, "--report", "json")
    found = {s["id"]: s for s in json.loads(result.output)["scenarios"]}
    assert found["client-cancels"]["status"] == status
    assert ("before the client left" in found["client-cancels"]["reason"]) == complete


def in_one_chunk(found: Exchange) -> Exchange:
    return replace(found, chunks=found.chunks[-1:])
