"""No key of a run stands in any file that it leaves behind, whatever the route echoes; the words of errors hold none."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gate.model import Exchange, Response
from gate.replay.server import serve
from gate.reports import formats
from tests.provider import Provider
from tests.test_cli import gate

KEY, TEAM, VERSION = "tk_live.0123+abcDEF/ghi=", "team-secret-77aa88bb", "q-secret-55cc66dd"
CONFIG = """\
version: 1
suite: [standard]
samples: {record: 2, check: 1, confirm: 1}
routes:
  baseline: &route
    base_url: ${BASE}
    api_key_env: LIVE_KEY
    models: {chat: gpt-4o-mini, embedding: text-embedding-3-small}
    headers: {x-team: "${TEAM_TOKEN}"}
    query: {code: "${CODE}"}
  candidate: *route
"""
SAID = f"your key {KEY} of {TEAM} with {VERSION}"


def echo(found: Exchange) -> Exchange:
    """The answer with all secrets in header, cookie, message, tool arguments, error and letter by letter in a stream."""
    assert found.response
    headers = (*found.response.headers, ("x-request-id", KEY), ("set-cookie", f"s={KEY}"), ("x-auth", TEAM))
    body = found.response.body
    if body.startswith(b"data:"):
        first = json.loads(body[6:].split(b"\n\n", 1)[0])
        spelled = [{**first, "choices": [{"index": 0, "delta": {"content": c}, "finish_reason": None}]} for c in SAID]
        frames = body.split(b"\n\n")
        body = b"\n\n".join([frames[0], *(b"data: " + json.dumps(c).encode() for c in spelled), *frames[1:]])
    else:
        body = json.dumps(_spoken(json.loads(body))).encode()
    return replace(found, response=replace(found.response, headers=headers, body=body), chunks=())


def _spoken(doc: Any) -> Any:
    if "error" in doc:
        return {"error": {**doc["error"], "message": f"Incorrect: {SAID}", "param": VERSION}}
    for choice in doc.get("choices", []):
        message = choice["message"]
        if message.get("tool_calls"):
            message["tool_calls"][0]["function"]["arguments"] = json.dumps({"city": SAID, "unit": "celsius"})
        elif not str(message["content"]).startswith("{"):
            message["content"] = SAID
    return doc


def drifted(found: Exchange) -> Exchange:
    """The same from a route whose every answer differs, so that evidence gets into the reports."""
    assert found.response
    body = found.response.body.replace(b'"finish_reason": "stop"', b'"finish_reason": "' + SAID.encode() + b'"')
    body = body.replace(b'"type": "invalid_request_error"', b'"type": "' + KEY.encode() + b'"')
    return echo(replace(found, response=replace(found.response, body=body)))


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "gate.yaml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    for name, value in (("LIVE_KEY", KEY), ("TEAM_TOKEN", TEAM), ("CODE", VERSION)):
        monkeypatch.setenv(name, value)
    return tmp_path


def clean(text: str) -> bool:
    coded = base64.b64encode(KEY.encode()).decode()
    return not any(secret in text for secret in (KEY, KEY[:12], TEAM, VERSION, coded))


@pytest.mark.slow
def test_no_file_holds_a_secret_of_the_run(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = []
    with serve(Provider(mutate=echo, seed=3)) as base:
        monkeypatch.setenv("BASE", base)
        recorded = gate("record")
        said += [recorded, gate("refresh")]
    assert recorded.exit_code == 0, recorded.output
    with serve(Provider(mutate=drifted, seed=4)) as base:
        monkeypatch.setenv("BASE", base)
        reports = [part for name in formats() for part in ("--report", f"{name}:out/{name}")]
        said += [gate("check", *reports), gate("check")]
    assert said[-1].exit_code == 1
    finding = json.loads((team / "out" / "json").read_text())["findings"][0]
    said += [gate("explain", finding["fingerprint"], "--from", "out/json"), gate("verify")]
    assert said[-1].exit_code == 0
    assert [result.output for result in said if not clean(result.output)] == []
    written = [path for path in team.rglob("*") if path.is_file() and path.name != "gate.yaml"]
    assert len(written) > 50
    assert [path.name for path in written if not clean(path.read_bytes().decode("utf-8", "replace"))] == []


@pytest.mark.parametrize("status", [401, 500])
def test_the_words_of_an_error_hold_no_key(team: Path, monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    body = json.dumps({"error": {"message": f"Incorrect: {KEY}\x1b[31m"}}).encode()
    page = Response(status, "", (("content-type", "application/json"),), body)
    with serve(Provider(mutate=lambda e: replace(e, response=page, chunks=()))) as base:
        monkeypatch.setenv("BASE", base)
        result = gate("record")
    assert result.exit_code == 3
    assert clean(result.output)
    assert "\x1b" not in result.output
    assert not (team / "golden").exists()


def test_a_refused_recording_quotes_the_route_without_the_key(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = json.dumps({"error": {"message": f"no embeddings for {KEY}\x1b[31m"}}).encode()
    page = Response(418, "", (("content-type", "application/json"),), body)

    def mutate(found: Exchange) -> Exchange:
        return replace(found, response=page, chunks=()) if "/embeddings" in found.request.url else found

    with serve(Provider(mutate=mutate)) as base:
        monkeypatch.setenv("BASE", base)
        result = gate("record", "-s", "chat", "-s", "embed")
    assert result.exit_code == 3
    assert "refused     embed: step 0 answered 418" in result.output
    assert clean(result.output)
    assert "\x1b" not in result.output
    assert [path.name for path in (team / "golden").iterdir()] == ["chat"]
