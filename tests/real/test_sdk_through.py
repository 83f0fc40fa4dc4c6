"""`gate sdk --through`: a gateway's heartbeats kill an SDK that is well without it; a faithful gateway changes nothing."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from gate.errors import ConfigError
from gate.store.shipped import goldens
from tests.test_cli import gate

pytestmark = pytest.mark.slow

# A proxy that keeps a stream alive, as load balancers' time-outs make people do (T11). It wants to know its models first.
GATEWAY = """
import http.client, os, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

assert not os.environ.get("OPENAI_API_KEY")
upstream = urlsplit(sys.argv[2])
beat = b'data: {"type": "heartbeat"}\\n\\n' if sys.argv[3] == "beating" else b""

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        own = {"host", "connection", "content-length"}
        connection = http.client.HTTPConnection(upstream.hostname, upstream.port)
        connection.request("GET", "/v1/models")
        connection.getresponse().read()
        connection.request("POST", self.path, body, {k: v for k, v in self.headers.items() if k.lower() not in own})
        answer = connection.getresponse()
        sent = answer.read()
        if "event-stream" in (answer.getheader("content-type") or ""):
            sent = sent.replace(b"\\n\\n", b"\\n\\n" + beat, 1)
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in own | {"transfer-encoding"}:
                self.send_header(name, value)
        self.send_header("content-length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, *_):
        pass

ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""
ROUTE = """\
  {name}:
    base_url: http://127.0.0.1:{{port}}/v1
    api_key_env: OPENAI_API_KEY
    start: [{python}, gateway.py, "{{port}}", "{{upstream}}", {name}]
"""


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("chat", "chat-stream"):
        shutil.copytree(goldens() / name, tmp_path / "golden" / name)
    (tmp_path / "gateway.py").write_text(GATEWAY)
    routes = "".join(ROUTE.format(name=n, python=json.dumps(sys.executable)) for n in ("faithful", "beating"))
    (tmp_path / "gate.yaml").write_text(f"version: 1\nroutes:\n{routes}  far: {{base_url: 'http://a.example/v1'}}\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-" + "that-no-gateway-sees")
    return tmp_path


@pytest.mark.parametrize(
    ("route", "code", "told"),
    [("faithful", 0, set()), ("beating", 1, {("sdk-raises", "chat-stream")})],
)
def test_one_version_behind_a_gateway_and_without(
    route: str, code: int, told: set[tuple[str, str]], team: Path
) -> None:
    result = gate("sdk", "--through", route, "--from", "openai==3.57.0", "--no-faults", "--report", "json")
    report = json.loads(result.output)
    assert result.exit_code == code
    assert {(one["rule"], one["scenario"]) for one in report["findings"] if one["severity"] == "breaking"} == told


def test_an_upgrade_with_both_behind_it_and_a_drift_upstream(team: Path) -> None:
    pair = ("--from", "openai==3.57.0", "--to", "openai==3.54.0")
    result = gate("sdk", "--through", "faithful", *pair, "--no-faults", "--fault", "finish-missing", "--report", "json")
    report = json.loads(result.output)
    assert (result.exit_code, report["findings"]) == (0, [])
    assert {one["id"] for one in report["scenarios"]} == {
        *("chat", "chat-stream", "chat!finish-missing", "chat-stream!finish-missing")
    }


@pytest.mark.parametrize(
    ("route", "words"), [("far", "the route far has no `start`"), ("near", "there is no route near")]
)
def test_what_is_no_gateway(route: str, words: str, team: Path) -> None:
    result = gate("sdk", "--through", route, "--from", "openai==3.57.0")
    assert isinstance(result.exception, ConfigError)
    assert words in str(result.exception)
