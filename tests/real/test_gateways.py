"""Real gateways between our goldens and the suite: what each does, as findings, and again in the upstream's raw bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from gate.model import Exchange
from gate.store.shipped import goldens
from gate.store.sides import load_side
from tests.real.gateways import GATEWAYS
from tests.real.servers import UnavailableError
from tests.test_cli import gate

pytestmark = pytest.mark.slow

SCENARIOS = ("chat", "chat-stream", "models", "error-bad-key", "error-malformed-json")
LOST = (
    "idempotency-key",
    "openai-organization",
    "openai-project",
    "traceparent",
    "x-client-request-id",
    "x-request-id",
)
HEADERS = {("request-header-lost", "chat@headers", f"headers.{name}") for name in LOST}
HIDDEN = {("cut-hidden", f"chat-stream@{fault}", "body") for fault in ("cut-after-3", "reset-after-3")}

# (rule, scenario, path) of what each must be told of, at risky or above
TOLD: Mapping[str, set[tuple[str, str, str]]] = {
    "haproxy": set(),
    "nginx": {
        ("cut-hidden", "chat-stream@cut-after-3", "body"),
        ("stream-buffered", "chat-stream@falling-gaps", "timing.spread"),
    },
    "nginx-unbuffered": set(),
    "portkey": HEADERS | HIDDEN | {("request-query-lost", "chat@query", "query.api-version")},
    "vllm-router": {
        ("request-field-dropped", "chat@tools", "tools[0].function.strict"),
        ("request-field-added", "chat", "skip_special_tokens"),
        ("request-retried", "chat@status-429+retry-after-1", "request"),
        ("retry-after-ignored", "chat@status-429+retry-after-1", "headers.retry-after"),
        ("request-not-sent", "chat@afterwards", "request"),
    },
    "litellm": HEADERS
    | {
        ("request-field-dropped", "chat@parameters", "metadata"),
        ("request-role-changed", "chat@history", "messages[0].role"),
        ("request-retried", "chat@status-429+retry-after-1", "request"),
        ("request-retried", "chat@status-500", "request"),
        ("request-stream-changed", "chat-stream@no-usage", "stream_options.include_usage"),
        ("stream-error", "chat-stream@cut-after-3", "error"),
    },
}
# upstream requests for one 429
REQUESTS = {"haproxy": 1, "nginx": 1, "nginx-unbuffered": 1, "portkey": 1, "vllm-router": 5, "litellm": 3}
SILENT = ("haproxy", "nginx-unbuffered")  # pass everything on: nothing at risky or above


@pytest.mark.parametrize("name", GATEWAYS)
def test_a_real_gateway(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = checked(name, tmp_path, monkeypatch)
    found = {(f["rule"], f["scenario"], f["path"]) for f in report["findings"] if f["severity"] != "info"}
    assert TOLD[name] - found == set(), "not told"
    assert report["crashes"] == []
    if name in SILENT:
        assert found == set()
    sides = load_side(tmp_path / ".gate" / name).exchanges
    assert len(calls(sides, "chat@status-429+retry-after-1")) == REQUESTS[name]
    BYTES.get(name, lambda _: None)(sides)
    again = gate("diff", "golden", f".gate/{name}", "--report", "json")
    assert json.loads(again.output)["findings"] == report["findings"]


def checked(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The JSON report of a hermetic check on a gateway; skips where it does not install."""
    gateway = GATEWAYS[name]
    try:
        command = list(gateway.install())
    except UnavailableError as reason:
        pytest.skip(str(reason))
    for scenario in SCENARIOS:
        (folder / "golden" / scenario).mkdir(parents=True)
        text = (goldens() / scenario / "cassette.yaml").read_text()
        # our engine asks proxies not to buffer; OpenAI does not
        text = text.replace('      X-Accel-Buffering: ["no"]\n', "")
        (folder / "golden" / scenario / "cassette.yaml").write_text(text)
    for file, text in gateway.files.items():
        (folder / file).write_text(text)
    route: dict[str, Any] = {"base_url": "http://127.0.0.1:{port}/v1", "upstream": "golden/", "start": command}
    route |= {"ready": gateway.ready} if gateway.ready else {}
    route |= {"headers": dict(gateway.headers)} if gateway.headers else {}
    config = {"version": 1, "suite": list(SCENARIOS), "routes": {name: route}}
    (folder / "gate.yaml").write_text(yaml.safe_dump(config))
    monkeypatch.chdir(folder)
    done = gate("check", "--route", name, "--report", "json:r.json", "--report", "terminal")
    print(done.output, done.stderr)
    report: dict[str, Any] = json.loads(Path("r.json").read_text())
    assert done.exit_code in (0, 1), done.output
    return report


# -- the raw bytes of the upstream's side -------------------------------------------------------

Sides = Mapping[str, tuple[Exchange, ...]]


def calls(sides: Mapping[str, Any], scenario: str) -> tuple[Exchange, ...]:
    return sides[scenario][0].upstream or ()


def body(sides: Mapping[str, Any], scenario: str) -> bytes:
    """What reached the upstream first."""
    return calls(sides, scenario)[0].request.body or b""


def names(sides: Mapping[str, Any], scenario: str) -> set[str]:
    return {name.lower() for name, _ in calls(sides, scenario)[0].request.headers}


def of_litellm(sides: Mapping[str, Any]) -> None:
    assert b'"metadata"' not in body(sides, "chat@parameters")
    assert re.search(rb'"seed": ?7', body(sides, "chat@parameters"))
    assert b'"developer"' not in body(sides, "chat@history")
    assert not names(sides, "chat@headers") & set(LOST)
    assert re.search(rb'"include_usage": ?true', body(sides, "chat-stream@no-usage"))


def of_vllm_router(sides: Mapping[str, Any]) -> None:
    assert b'"strict"' not in body(sides, "chat@tools")
    added = set(json.loads(body(sides, "chat"))) - set(json.loads(sides["chat"][0].request.body or b""))
    assert len(added) >= 8
    tries = [call.at_ms or 0.0 for call in calls(sides, "chat@status-429+retry-after-1")]
    assert tries[-1] - tries[0] < 2000


def of_portkey(sides: Mapping[str, Any]) -> None:
    assert not names(sides, "chat@headers") & set(LOST)
    assert "api-version" not in calls(sides, "chat@query")[0].request.url
    assert str(calls(sides, "chat-stream@cut-after-3")[0].ending) == "cut"
    assert str(sides["chat-stream@cut-after-3"][0].ending) == "complete"


def of_haproxy(sides: Mapping[str, Any]) -> None:
    assert names(sides, "chat@headers") >= set(LOST)
    assert body(sides, "chat@tools") == sides["chat@tools"][0].request.body
    assert [str(call.ending) for call in calls(sides, "chat-stream@cancel")] == ["cancelled"]


BYTES = {"litellm": of_litellm, "vllm-router": of_vllm_router, "portkey": of_portkey, "haproxy": of_haproxy}
